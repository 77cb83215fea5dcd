using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>Which cores the instances of a plan run on, and which are left for everything else of the process.</summary>
public sealed record CoreAssignment
{
    private CoreAssignment(IReadOnlyList<int> instances, IReadOnlyList<int> others) => (Instances, Others) = (instances, others);

    /// <summary>One for each thread of the device that has most, in the order in which instances take them; devices share them.</summary>
    public IReadOnlyList<int> Instances { get; }

    /// <summary>Ascending; empty where instances have all.</summary>
    public IReadOnlyList<int> Others { get; }

    /// <summary>Takes as many of the listed cores as the paths have threads.</summary>
    /// <param name="paths">Those of a device have instances in common.</param>
    /// <param name="listed">Distinct, in the order in which they are taken.</param>
    /// <param name="allowed">The cores that the process was given.</param>
    /// <exception cref="InvalidInputException">A core is not allowed, or there are too few.</exception>
    public static CoreAssignment Of(IReadOnlyList<ServingPath> paths, IReadOnlyList<int> listed, IReadOnlyList<int> allowed)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(listed);
        ArgumentNullException.ThrowIfNull(allowed);
        int[] strange = [.. listed.Except(allowed)];
        if (strange.Length > 0)
        {
            var given = allowed.Count == 0 ? "this system lets no program choose its cores" : $"expected cores that this process may run on: {CoreListText.Text(allowed)}";
            throw new InvalidInputException("--pin", $"found {CoreListText.Text(strange)}, {given}", allowed.Count == 0 ? "leave it out" : "name some of these, or give the process more (taskset, cpuset)");
        }

        var most = paths.MaxBy(path => Threads(path.Configuration))!.Configuration;
        if (listed.Count < Threads(most))
        {
            throw new InvalidInputException(
                "--pin",
                $"found {CoreListText.Text(listed)}, {listed.Count} in all, expected {Threads(most)} cores for {most.Instances} instances of {most.Threads} threads",
                "name more cores, or plan again for fewer");
        }

        int[] taken = [.. listed.Take(Threads(most))];
        return new CoreAssignment(taken, [.. allowed.Except(taken).Order()]);
    }

    private static int Threads(Configuration configuration) => configuration.Instances * configuration.Threads;
}
