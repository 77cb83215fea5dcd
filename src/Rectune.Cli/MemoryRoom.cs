using Rectune.Core.Domain;
using Rectune.Engine.Hardware;

namespace Rectune.Cli;

/// <summary>
/// Whether a plan's paths have room in memory now. This is asked of every plan that is to be served: one that is to take the place of another is in memory beside it until that has answered what it has.
/// </summary>
/// <param name="NeededBytes">Of all paths.</param>
/// <param name="FreeBytes">Null where the system does not tell.</param>
internal readonly record struct MemoryRoom(long NeededBytes, long? FreeBytes)
{
    /// <summary>0 where there is room, or where nobody knows.</summary>
    public long MissingBytes => FreeBytes is { } free ? Math.Max(0, NeededBytes - free) : 0;

    public static MemoryRoom Of(Plan plan, long? freeBytes) => new(plan.Paths.Sum(path => path.MemoryBytes), freeBytes);

    /// <summary>With what can be taken on this machine now.</summary>
    public static MemoryRoom Of(Plan plan) => Of(plan, AvailableMemory.Bytes(new SystemFiles()));
}
