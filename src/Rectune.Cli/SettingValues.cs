namespace Rectune.Cli;

/// <summary>The values that hold for one run of a command.</summary>
internal sealed class SettingValues(IReadOnlyList<EffectiveSetting> all)
{
    /// <summary>Every setting of the command, in the order of its declaration.</summary>
    public IReadOnlyList<EffectiveSetting> All { get; } = all;

    /// <summary>The value of a setting that is required or has a built-in value.</summary>
    public T Get<T>(SettingOf<T> setting)
        where T : notnull =>
        Of(setting).Value is T value ? value : throw new InvalidOperationException($"{setting.Flag} is not set and has no built-in value");

    /// <summary>False when the setting has no value.</summary>
    public bool TryGet<T>(SettingOf<T> setting, out T value)
        where T : notnull
    {
        var found = Of(setting).Value;
        value = found is T typed ? typed : default!;
        return found is T;
    }

    /// <summary>The setting with its source, for messages that must name it.</summary>
    public EffectiveSetting Of(Setting setting) => All.Single(e => ReferenceEquals(e.Setting, setting));
}
