using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Rectune.Engine.Hardware;

/// <summary>Names the operating system without its patch level.</summary>
public static partial class SystemName
{
    /// <summary><c>Debian GNU/Linux 12 (bookworm), Linux 6.18</c>.</summary>
    public static string Detect(SystemFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        // On Linux the runtime's description is the distribution's name, which is in the release file already.
        var kernel = files.Read("/proc/sys/kernel/osrelease") is { } version ? $"Linux {version}" : RuntimeInformation.OSDescription;
        return Name(files.Read("/etc/os-release"), kernel);
    }

    /// <param name="release">Text of <c>/etc/os-release</c>, or null.</param>
    /// <param name="kernel">Description of the kernel with its full version.</param>
    public static string Name(string? release, string kernel)
    {
        var shortened = KernelVersion().Match(kernel) is { Success: true } match ? match.Value : kernel;
        var name = KernelText.Field(release, "PRETTY_NAME")?.Trim('"', '\'');
        return string.IsNullOrEmpty(name) ? shortened : $"{name}, {shortened}";
    }

    [GeneratedRegex(@"\A[^\d]*\d+(\.\d+)?")]
    private static partial Regex KernelVersion();
}
