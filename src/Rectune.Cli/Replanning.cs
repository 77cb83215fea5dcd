using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Engine.Hardware;
using Rectune.Engine.Serving.Http;

namespace Rectune.Cli;

/// <summary>
/// Proposes another plan when service times have left the plan's interval for long: one proposal from the first path that drifts until none does any more, and none sooner than ten minutes after the
/// last. It is written beside the plan and never served by itself.
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
    private readonly Func<ProposalRequest, CancellationToken, Plan> propose;
    private readonly IReadOnlyList<string> profiles;
    private readonly Terminal terminal;
    private readonly ServerLog? log;
    private readonly TimeProvider clock;
    private long? last;
    private Task underWay = Task.CompletedTask;

    /// <param name="file">The plan's.</param>
    /// <param name="served">The plan of this moment.</param>
    /// <param name="target">What serves it.</param>
    /// <param name="profiles">Named by the user; the journal beside the plan and the machine's folder are looked into as well.</param>
    /// <param name="propose">Makes the plan.</param>
    public Replanning(
        string file, Func<Plan> served, IQueryTarget target, IReadOnlyList<string> profiles, Func<ProposalRequest, CancellationToken, Plan> propose, Terminal terminal, ServerLog? log, TimeProvider clock)
    {
        (this.file, this.served, this.target, this.profiles) = (file, served, target, profiles);
        (this.propose, this.terminal, this.log, this.clock) = (propose, terminal, log, clock);
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
                return;
            }

            var begins = drifting.Count == 0;
            drifting.Add(drift.Path);
            if (!begins || !underWay.IsCompleted || ended.IsCancellationRequested || (last is { } before && clock.GetElapsedTime(before) < CoolDown))
            {
                return;
            }

            last = clock.GetTimestamp();
            underWay = Task.Factory.StartNew(Propose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Another plan is served: what drifted from the one before is over.</summary>
    public void Forget()
    {
        lock (guard)
        {
            drifting.Clear();
        }
    }

    public void Dispose()
    {
        ended.Cancel();
        UnderWay.Wait();
        ended.Dispose();
    }

    private void Propose()
    {
        try
        {
            var plan = served();
            var ratio = Ratio();
            terminal.Message(Text($"planning again for service times {ratio:F2} times the plan's, at the lowest priority"));
            var proposed = propose(
                new ProposalRequest
                {
                    Plan = plan,
                    Ratio = ratio,
                    Profiles = [.. profiles, .. PlanProposal.ProfilesOf(plan), PlanJob.JournalPath(file), ProfileFolder.Default(plan.Machines[0])],
                    MemoryLimitBytes = AvailableMemory.Bytes(new SystemFiles()) is { } free ? free + plan.Paths.Sum(path => path.MemoryBytes) : plan.Machines[0].MemoryBytes,
                },
                ended.Token);
            var to = ProposalPath(file);
            FileText.Write(to, PlanFormat.Write(proposed), "the proposed plan");
            log?.Write("plan-proposed", json =>
            {
                json.WriteString("file", to);
                json.WriteString("path", proposed.PathId());
                json.WriteNumber("promiseQps", proposed.Promise.Qps);
                json.WriteNumber("ratio", Math.Round(ratio, 3));
            });
            var path = proposed.PathId() == plan.PathId() ? "the same path" : proposed.PathId();
            terminal.Warning(Text(
                $"{to}: {path}, promise {proposed.Promise.Qps:F0} queries/s instead of {plan.Promise.Qps:F0} at {proposed.Sla}; predicted, not certified. Compare: rectune diff {file} {to}. Serve it: mv {to} {file}, then kill -HUP {Environment.ProcessId}"));
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
