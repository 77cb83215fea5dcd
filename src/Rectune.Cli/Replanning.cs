using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Units;
using Rectune.Engine.Serving.Http;

namespace Rectune.Cli;

/// <summary>
/// Proposes another plan when service times have left the plan's interval for long: one proposal from the first path that drifts until none does any more, and none sooner than ten minutes after the
/// last; a drift that begins before is proposed for when these are over, if it still stands. It is written beside the plan and never served by itself.
/// </summary>
internal sealed class Replanning : IDisposable
{
    /// <summary>Between two proposals: a machine that keeps changing is not followed step by step.</summary>
    private static readonly TimeSpan CoolDown = TimeSpan.FromMinutes(10);

    private readonly Lock guard = new();
    private readonly HashSet<string> drifting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ended = new();
    private readonly string file;
    private readonly Func<Plan> served;
    private readonly IQueryTarget target;
    private readonly Func<long?> freeBytes;
    private readonly Func<ProposalRequest, CancellationToken, Plan> propose;
    private readonly IReadOnlyList<string> profiles;
    private readonly Terminal terminal;
    private readonly ServerLog? log;
    private readonly TimeProvider clock;
    private readonly ITimer cooledDown;
    private long? last;
    private Task underWay = Task.CompletedTask;

    // Paths drift for which nothing was proposed yet.
    private bool isOwed;
    private volatile bool isProposing;

    /// <param name="file">The plan's.</param>
    /// <param name="served">The plan of this moment.</param>
    /// <param name="target">What serves it.</param>
    /// <param name="profiles">Named by the user; the journal beside the plan and the machine's folder are looked into as well.</param>
    /// <param name="freeBytes">Memory that can be taken now; null where the system does not tell.</param>
    /// <param name="propose">Makes the plan.</param>
    public Replanning(
        string file,
        Func<Plan> served,
        IQueryTarget target,
        IReadOnlyList<string> profiles,
        Func<long?> freeBytes,
        Func<ProposalRequest, CancellationToken, Plan> propose,
        Terminal terminal,
        ServerLog? log,
        TimeProvider clock)
    {
        (this.file, this.served, this.target, this.profiles, this.freeBytes) = (file, served, target, profiles, freeBytes);
        (this.propose, this.terminal, this.log, this.clock) = (propose, terminal, log, clock);
        cooledDown = clock.CreateTimer(_ => ProposeWhereOwed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where a proposal for a plan is written.</summary>
    public static string ProposalPath(string plan) => Path.ChangeExtension(plan, ".replanned.json");

    /// <summary>Plans in a process of its own, or in this one where there is none.</summary>
    public static Func<ProposalRequest, CancellationToken, Plan> In(LaunchProgram? program, TimeProvider clock) => (request, cancellation) =>
        program is null ? PlanProposal.Of(request, clock, cancellation) : ProposingProcess.Run(request, program, cancellation);

    /// <summary>Ends when the proposal under way is written or given up.</summary>
    public Task UnderWay
    {
        get
        {
            lock (guard)
            {
                return underWay;
            }
        }
    }

    /// <summary>Hears of a drift, and returns at once.</summary>
    public void Hear(ServedDrift drift)
    {
        ArgumentNullException.ThrowIfNull(drift);
        lock (guard)
        {
            if (drift.IsOver)
            {
                drifting.Remove(drift.Path);
                isOwed &= drifting.Count > 0;
                return;
            }

            isOwed |= drifting.Count == 0;
            drifting.Add(drift.Path);
            ProposeWhereOwed();
        }
    }

    /// <summary>Another plan is served: what drifted from the one before is over.</summary>
    public void Forget()
    {
        lock (guard)
        {
            drifting.Clear();
            isOwed = false;
        }
    }

    public void Dispose()
    {
        ended.Cancel();
        cooledDown.Dispose();
        UnderWay.Wait();
        ended.Dispose();
    }

    /// <summary>At once, or when the last proposal is ready and long enough ago.</summary>
    private void ProposeWhereOwed()
    {
        lock (guard)
        {
            if (!isOwed || isProposing || ended.IsCancellationRequested)
            {
                return;
            }

            var left = last is { } before ? CoolDown - clock.GetElapsedTime(before) : TimeSpan.Zero;
            if (left > TimeSpan.Zero)
            {
                cooledDown.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            (isOwed, isProposing, last) = (false, true, clock.GetTimestamp());
            underWay = Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        Propose();
                    }
                    finally
                    {
                        isProposing = false;
                        ProposeWhereOwed();
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
    }

    private void Propose()
    {
        try
        {
            var plan = served();
            var ratio = Ratio();
            var free = freeBytes();
            terminal.Message(Text($"planning again for service times {ratio:F2} times the plan's, at the lowest priority"));
            var proposed = propose(
                new ProposalRequest
                {
                    Plan = plan,
                    Ratio = ratio,
                    Profiles = [.. profiles, .. PlanProposal.ProfilesOf(plan), PlanJob.JournalPath(file), ProfileFolder.Default(plan.Machines[0])],
                    MemoryLimitBytes = free + MemoryRoom.Of(plan, free).NeededBytes ?? plan.Machines[0].MemoryBytes,
                    BesideBytes = free ?? plan.Machines[0].MemoryBytes,
                },
                ended.Token);
            var (to, room) = (ProposalPath(file), MemoryRoom.Of(proposed, freeBytes()));
            FileText.Write(to, PlanFormat.Write(proposed), "the proposed plan");
            log?.Write("plan-proposed", json =>
            {
                json.WriteString("file", to);
                json.WriteString("path", proposed.PathId());
                json.WriteNumber("promiseQps", proposed.Promise.Qps);
                json.WriteNumber("ratio", Math.Round(ratio, 3));
                json.WriteNumber("memoryBytes", room.NeededBytes);
                json.WriteNumber("missingBytes", room.MissingBytes);
            });
            var path = proposed.PathId() == plan.PathId() ? "the same path" : proposed.PathId();
            terminal.Warning(Text(
                $"{to}: {path}, promise {proposed.Promise.Qps:F0} queries/s instead of {plan.Promise.Qps:F0} at {proposed.Sla}; predicted, not certified. Compare: rectune diff {file} {to}. {ToServe(to, room)}"));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it is, the plan that is served goes on.
            if (!ended.IsCancellationRequested)
            {
                log?.Write("plan-not-proposed", json => json.WriteString("because", e.Message));
                terminal.Error(e.Message);
            }
        }
    }

    private string ToServe(string proposal, MemoryRoom room) => room is { MissingBytes: > 0, FreeBytes: { } free }
        ? Text(
            $"It needs {new ByteSize(room.NeededBytes)} of memory, and {new ByteSize(free)} are free beside the plan that is served. Serve it: free {new ByteSize(room.MissingBytes)}, mv {proposal} {file}, then kill -HUP {Environment.ProcessId}; or end this server before, and start another on it")
        : Text($"Serve it: mv {proposal} {file}, then kill -HUP {Environment.ProcessId}");

    /// <summary>Of all paths that were judged, each weighing as many runs as it had.</summary>
    private double Ratio()
    {
        var (sum, runs) = (0.0, 0L);
        foreach (var use in target.UseOfPaths())
        {
            if (use.Drift?.Ratio is { } ratio)
            {
                sum += use.Runs * Math.Log(ratio);
                runs += use.Runs;
            }
        }

        return runs == 0 ? 1 : Math.Exp(sum / runs);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
