using Rectune.Core.Domain;

namespace Rectune.Engine.Hardware;

/// <summary>Cache sizes as the kernel lists them.</summary>
public static class CacheReader
{
    private const string Processors = "/sys/devices/system/cpu";

    /// <summary>First-level data and second-level cache of one core, and every last-level cache that the given processors reach, added up.</summary>
    public static CacheSizes Read(SystemFiles files, IReadOnlyList<int> processors)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(processors);
        long? first = null;
        long? second = null;
        var third = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var processor in processors)
        {
            var caches = $"{Processors}/cpu{processor}/cache";
            foreach (var index in files.Folders(caches))
            {
                var folder = $"{caches}/{index}";
                if (files.Read(folder + "/type") is not ("Data" or "Unified") || KernelText.Size(files.Read(folder + "/size")) is not { } bytes)
                {
                    continue;
                }

                switch (files.Read(folder + "/level"))
                {
                    case "1": first ??= bytes; break;
                    case "2": second ??= bytes; break;
                    case "3": third[files.Read(folder + "/shared_cpu_list") ?? index] = bytes; break;
                }
            }
        }

        return new CacheSizes { L1DataBytes = first, L2Bytes = second, L3Bytes = third.Count > 0 ? third.Values.Sum() : null };
    }
}
