using System.Diagnostics;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Representations;

namespace Rectune.Cli;

/// <summary>What measuring processes leave for each other: tables, in memory where the system has a file system there, and a note of the configuration under way.</summary>
internal sealed class LaunchScratch : IDisposable
{
    private const string MemoryFolder = "/dev/shm";

    private const string Prefix = "rectune-launch-";

    /// <summary>Beside shared tables, a process holds those it measures.</summary>
    private const double MostOfMemory = 0.9;

    private readonly string folder;

    private LaunchScratch(string folder, bool shares, int launches)
    {
        this.folder = folder;
        Launches = launches;
        SharedFolder = shares ? Path.Combine(folder, "tables") : null;
    }

    /// <summary>Null where tables cannot be kept beside those in use.</summary>
    public string? SharedFolder { get; }

    public string UnderWayFile => Path.Combine(folder, "under-way");

    /// <summary>One where every process would have to generate the tables for itself.</summary>
    public int Launches { get; }

    public static LaunchScratch Create(IReadOnlyList<Configuration> configurations, ModelCard card, int launches, long memoryLimitBytes)
    {
        var sizes = configurations.Where(configuration => configuration.Placement == TablePlacement.Host)
            .Select(configuration => (Key: (configuration.Representation.Id(), configuration.TablePrecision), Bytes: RepresentationCatalog.Design(card, configuration.Representation).StoredBytes(configuration.TablePrecision)))
            .DistinctBy(size => size.Key)
            .Where(size => size.Bytes <= memoryLimitBytes)
            .Select(size => size.Bytes)
            .ToArray();
        var room = Directory.Exists(MemoryFolder) ? new DriveInfo(MemoryFolder).AvailableFreeSpace : 0;
        var needed = sizes.Sum();
        var shares = launches > 1 && needed <= room && needed + sizes.DefaultIfEmpty().Max() <= MostOfMemory * memoryLimitBytes;
        var parent = shares ? MemoryFolder : Path.GetTempPath();
        var own = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}"));
        // One of this number can only be of a process that had it before.
        Remove(own);
        Directory.CreateDirectory(own);
        return new LaunchScratch(own, shares, shares || needed == 0 ? launches : 1);
    }

    /// <summary>Removes what processes left that were killed: it would hold memory until the machine restarts.</summary>
    public static void Sweep()
    {
        string[] parents = [MemoryFolder, Path.GetTempPath()];
        foreach (var left in parents.Where(Directory.Exists).SelectMany(parent => Directory.GetDirectories(parent, Prefix + "*")))
        {
            if (int.TryParse(Path.GetFileName(left).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsAlive(process))
            {
                Remove(left);
            }
        }
    }

    public void Dispose() => Remove(folder);

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or a killed process that is still going away: a later run sweeps it.
        }
    }
}
