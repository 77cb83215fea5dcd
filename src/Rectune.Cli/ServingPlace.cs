using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Engine.Data;
using Rectune.Engine.Hardware;
using Rectune.Engine.Kernels;
using Rectune.Engine.Serving.Http;
using Rectune.Engine.Sessions;

namespace Rectune.Cli;

/// <summary>Where in the machine a plan is served: on which cores its instances run, on which everything else, and how the memory of its tables is had.</summary>
internal sealed class ServingPlace
{
    private readonly IReadOnlyList<int>? pinned;
    private readonly bool hugePages;
    private readonly SystemFiles files;
    private readonly IReadOnlyList<int> allowed = CoreSet.Allowed.Cores;
    private bool isApart;

    /// <param name="pinned">Cores asked for, in the order in which they are taken; null for all.</param>
    /// <param name="hugePages">Whether tables are to lie in huge pages.</param>
    /// <param name="files">Where the system describes itself.</param>
    public ServingPlace(IReadOnlyList<int>? pinned, bool hugePages, SystemFiles files)
    {
        (this.pinned, this.hugePages, this.files) = (pinned, hugePages, files);
        Nodes = NodeLayout.Read(files);
    }

    public NodeLayout Nodes { get; }

    /// <summary>Refuses cores that are not allowed, and too few: before tables are made, which may take minutes.</summary>
    public void Require(Plan plan) => _ = Assigned(plan);

    /// <summary>Says how rows that are made from now on are to lie in memory.</summary>
    public void Prepare(Plan plan, TableStore tables) => tables.Memory = new TableMemory { HugePages = hugePages, Nodes = Nodes.NodesOf(Assigned(plan)?.Instances ?? allowed) };

    /// <summary>
    /// The cores for the instances of a plan that is about to be loaded; null for any. All threads that there are keep off those of the first plan from now on: what is started inherits the cores of who
    /// starts it. A later plan may fail to load: threads keep off its cores once it has taken the place of the one before (<see cref="GiveRest"/>).
    /// </summary>
    public CoreSet? TakeCores(Plan plan)
    {
        if (Assigned(plan) is not { } assigned)
        {
            return null;
        }

        if (!isApart)
        {
            isApart = true;
            CoreSet.Of(assigned.Others).BindEveryThread();
        }

        return CoreSet.InOrder(assigned.Instances);
    }

    /// <summary>Gives all threads but the instances of the plan that has taken another's place the cores that it leaves. The other's instances must have ended. Where none are left, all stay where they are.</summary>
    public void GiveRest(Plan plan)
    {
        if (Assigned(plan) is { } assigned)
        {
            CoreSet.Of(assigned.Others).BindThreadsBeyond(CoreSet.Of(assigned.Instances));
        }
    }

    /// <summary>What the tables take, as measured now.</summary>
    public TableMemoryUse Use(IReadOnlyList<(long Start, long Bytes)> tables) => new()
    {
        Bytes = tables.Sum(table => table.Bytes),
        HugePageBytes = HugePageUse.Bytes(files, tables),
    };

    /// <summary>As <c>apply --json</c> says it.</summary>
    public ServingPlaceNotice Notice(Plan plan, TableMemoryUse use)
    {
        var assigned = Assigned(plan);
        return new ServingPlaceNotice
        {
            InstanceCores = CoreListText.Text(assigned?.Instances ?? allowed),
            OtherCores = CoreListText.Text(assigned is { Others.Count: > 0 } ? assigned.Others : allowed),
            NumaNodes = Nodes.Count,
            TableBytes = use.Bytes,
            HugePageBytes = use.HugePageBytes,
        };
    }

    /// <summary>The same for people.</summary>
    public string Text(Plan plan, TableMemoryUse use)
    {
        var assigned = Assigned(plan);
        var cores = assigned is null ? $"instances and everything else share cores {CoreListText.Text(allowed)}"
            : assigned.Others.Count == 0 ? $"instances on cores {CoreListText.Text(assigned.Instances)}, which everything else shares since none is left"
            : $"instances on cores {CoreListText.Text(assigned.Instances)}, everything else on {CoreListText.Text(assigned.Others)}";
        var on = Nodes.NodesOf(assigned?.Instances ?? allowed);
        var nodes = Nodes.Count == 1 ? "one NUMA node" : $"{Nodes.Count} NUMA nodes, tables {(on.Count == 1 ? "on node" : "spread over nodes")} {CoreListText.Text(on)}";
        return $"{cores}; {nodes}; {Tables(use)}";
    }

    private string Tables(TableMemoryUse use) =>
        use.Bytes == 0 ? "no tables in memory"
        : use.HugePageBytes is { } huge ? $"{new ByteSize(use.Bytes)} of tables, {new ByteSize(huge)} of them in huge pages{(hugePages ? "" : " (--huge-pages off)")}"
        : $"{new ByteSize(use.Bytes)} of tables; the system does not tell how much of them lies in huge pages";

    private CoreAssignment? Assigned(Plan plan) => pinned is null ? null : CoreAssignment.Of(plan.Paths, pinned, allowed);
}
