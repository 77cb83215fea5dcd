using System.Runtime.CompilerServices;

namespace Rectune.Tests.Fakes;

/// <summary>Files of this repository, found from where this source lies.</summary>
public static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>True when golden files are to be rewritten instead of compared.</summary>
    public static bool Accepting { get; } = Environment.GetEnvironmentVariable("RECTUNE_ACCEPT") == "1";

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", "..", ".."));
}
