using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Representations;

namespace Rectune.Cli;

/// <summary>What measuring processes leave for each other: tables, in memory where the system has a file system there, and a note of the configuration under way.</summary>
internal sealed class LaunchScratch : IDisposable
{
    private const string MemoryFolder = "/dev/shm";

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
        var own = Path.Combine(shares ? MemoryFolder : Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"rectune-{Environment.ProcessId}"));
        if (Directory.Exists(own))
        {
            // Of a process that had this number before.
            Directory.Delete(own, recursive: true);
        }

        Directory.CreateDirectory(own);
        return new LaunchScratch(own, shares, shares || needed == 0 ? launches : 1);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A process that was killed may still be going away; the system's cleaning takes the rest.
        }
    }
}
