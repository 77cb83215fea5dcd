namespace Rectune.Cli;

/// <summary>Where the value of a setting comes from, strongest first.</summary>
internal enum SettingSource
{
    Flag,
    Environment,
    File,
    BuiltIn,
    NotSet,
}
