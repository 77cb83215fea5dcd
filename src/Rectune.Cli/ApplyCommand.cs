using System.CommandLine;
using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Engine.Serving.Http;

namespace Rectune.Cli;

/// <summary><c>rectune apply</c>: serve exactly what a plan says.</summary>
internal static class ApplyCommand
{
    private static readonly Argument<string> PlanFile = new("plan") { Description = "The plan, as written by rectune plan" };

    private static readonly SettingOf<IReadOnlyList<string>> Urls = new(SettingKinds.List)
    {
        Name = "urls",
        Metavar = "URL",
        Description = "Loopback addresses to listen on, joined by commas; port 0 takes a free one",
        Default = "http://127.0.0.1:8000",
    };

    private static readonly SettingOf<int> MaxQuery = new(SettingKinds.Count)
    {
        Name = "max-query",
        Metavar = "N",
        Description = "Largest query accepted, samples",
        Default = "4096",
    };

    private static readonly SettingOf<Duration> DrainTime = new(SettingKinds.Time)
    {
        Name = "drain",
        Metavar = "TIME",
        Description = "How long queries inside may take to finish after SIGTERM or Ctrl-C",
        Default = "30s",
    };

    private static readonly SettingOf<string> Data = new(SettingKinds.Text)
    {
        Name = "data",
        Metavar = "FILE",
        Description = "Access trace that the plan was made with, where it has moved",
        Otherwise = "the file that the plan names",
    };

    private static readonly SettingOf<bool> AllowStale = new(SettingKinds.Switch)
    {
        Name = "allow-stale",
        Description = "Serve a plan that was made for another machine or runtime",
        Default = "false",
    };

    public static CommandDescription Create() => new()
    {
        Name = "apply",
        Summary = "Serve exactly that plan over HTTP (Open Inference Protocol, KServe v2) until SIGTERM or Ctrl-C.",
        Examples = ["rectune apply plan.json", "rectune apply plan.json --urls http://127.0.0.1:8001"],
        Arguments = [PlanFile],
        Settings = [Urls, MaxQuery, DrainTime, Data, TableSettings.Folder, AllowStale],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var wiring = invocation.Wiring;
        var terminal = invocation.Terminal;
        var values = invocation.Values;
        var machine = DevicesCommand.Detect(wiring);
        var plan = LoadedPlan.Read(invocation.Argument(PlanFile), machine, values.Get(AllowStale));
        using var bench = Workbench.ForServing(plan, values.TryGet(Data, out var data) ? data : null, machine, TableSettings.Of(values), invocation.Cancellation);
        using var target = LoadedPlan.Serve(plan, bench, terminal, wiring.Time, invocation.Cancellation);
        var drain = TimeSpan.FromSeconds(values.Get(DrainTime).Seconds);
        var options = new HttpServerOptions
        {
            Urls = values.Get(Urls),
            ModelName = plan.Model.Name,
            Card = plan.Model.Card,
            MaxBatchSamples = values.Get(MaxQuery),
            DrainTimeout = drain,
            OnFault = fault => terminal.Error($"a query failed: {fault.Message}"),
            Clock = wiring.Time,
        };
        return Serve(options, target, plan, terminal, invocation.Cancellation).GetAwaiter().GetResult();
    }

    private static async Task<int> Serve(HttpServerOptions options, IQueryTarget target, Plan plan, Terminal terminal, CancellationToken cancellation)
    {
        await using var server = await HttpServer.StartAsync(options, target, new ServerMetrics(), cancellation);
        var urls = server.Addresses.Select(address => address.ToString().TrimEnd('/')).ToArray();
        terminal.Json(new ServingNotice { Urls = urls, Model = plan.Model.Name, Path = plan.Paths[0].Id, PromiseQps = plan.Promise.Qps, Verdict = plan.Validated.Verdict });
        terminal.Result($"serving {plan.Model.Name} on {string.Join(", ", urls)} with {plan.Paths[0].Id}; promise {plan.Promise.Qps:F0} queries/s at {plan.Sla}");
        if (plan.Validated.Verdict != Verdict.Met)
        {
            terminal.Warning($"the plan's promise is not certified (verdict {plan.Validated.Verdict.Name()}): rectune verify, or plan again");
        }

        terminal.Message($"metrics: {urls[0]}/metrics; stop with Ctrl-C or SIGTERM: queries inside are answered first");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellation.Register(stopped.SetResult))
        {
            await stopped.Task;
        }

        terminal.Message("draining");
        var cutOff = await server.DrainAsync(CancellationToken.None);
        if (cutOff == 0)
        {
            terminal.Message("every query inside was answered");
            return ExitCodes.Done;
        }

        terminal.Warning($"{cutOff} queries were cut off after {options.DrainTimeout.TotalSeconds:F0} s");
        return ExitCodes.Done;
    }
}
