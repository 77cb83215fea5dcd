using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Engine.Hardware;
using Rectune.Engine.Serving.Http;

namespace Rectune.Cli;

/// <summary><c>rectune apply</c>: serve exactly what a plan says.</summary>
internal static class ApplyCommand
{
    private static readonly Argument<string> PlanFile = new("plan") { Description = "The plan, as written by rectune plan" };

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

    private static readonly SettingOf<Duration> Spin = new(SettingKinds.Time)
    {
        Name = "spin",
        Metavar = "TIME",
        Description = "How long an instance without work looks for some before it sleeps: waking takes 10 to 100 us, looking keeps its core busy",
        Otherwise = "instances sleep at once",
    };

    private static readonly SettingOf<bool> Replan = SettingKinds.Off(
        "replan", "When service times have left the plan's interval for long, plan again from known measurements and write FILE.replanned.json beside the plan; it is served once it has its place");

    private static readonly SettingOf<IReadOnlyList<string>> Profiles = new(SettingKinds.List)
    {
        Name = "profile",
        Metavar = "PROFILE",
        Description = "Measurements that --replan plans from: a folder of rectune profile, or a journal (.jsonl); may be given several times",
        Many = true,
        Otherwise = "the journal beside the plan, and this machine's folder below profiles/",
    };

    public static CommandDescription Create() => new()
    {
        Name = "apply",
        Summary = "Serve exactly that plan over HTTP (Open Inference Protocol, KServe v2) until SIGTERM or Ctrl-C.",
        Examples =
        [
            "rectune apply plan.json",
            "rectune apply plan.json --urls http://127.0.0.1:8001,h2c://127.0.0.1:8002 --log server.jsonl",
            "rectune apply plan.json --replan --log server.jsonl",
            "rectune apply plan.json --pin 2-5,8 --huge-pages off",
            "rectune apply plan.json --urls https://127.0.0.1:8443 --tls-cert server.pem --tls-key server.key --token-file token",
        ],
        Arguments = [PlanFile],
        Settings = [.. HttpSettings.All, Data, TableSettings.Folder, Spin, AllowStale, .. PlaceSettings.All, Replan, Profiles],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var wiring = invocation.Wiring;
        var terminal = invocation.Terminal;
        var values = invocation.Values;
        var machine = DevicesCommand.Detect(wiring);
        var file = invocation.Argument(PlanFile);
        var plan = LoadedPlan.Read(file, machine, values.Get(AllowStale));

        // What is wrong with a file is said before the tables are made, which may take minutes.
        var options = HttpSettings.Of(values, plan, wiring.Time);
        using var identity = options.Tls;
        HttpServer.RequireAddresses(options);
        IReadOnlyList<string> profiles = values.TryGet(Profiles, out var named) ? named : [];
        if (profiles.FirstOrDefault(profile => !ProfileFolder.Holds(profile)) is { } missing)
        {
            throw new MissingResourceException($"--profile {missing}: there are no measurements.", "Name a folder that rectune profile has written, or a journal (.jsonl).");
        }

        var place = PlaceSettings.Of(values, wiring.Files);
        place.Require(plan);
        using var log = HttpSettings.OpenLog(values, wiring.Error, wiring.Time);
        var spin = values.TryGet(Spin, out var given) ? TimeSpan.FromSeconds(given.Seconds) : TimeSpan.Zero;
        using var served = new PlanSwitch(
            plan,
            () => LoadedPlan.Read(file, machine, values.Get(AllowStale)),
            opened => Workbench.ForServing(opened, values.TryGet(Data, out var data) ? data : null, machine, TableSettings.Of(values), invocation.Cancellation),
            (opened, bench) => LoadedPlan.Serve(opened, bench, terminal, wiring.Time, invocation.Cancellation, spin, place, log?.Log),
            options.DrainTimeout);
        using var replanning = values.Get(Replan)
            ? new Replanning(file, () => served.Plan, served.Target, profiles, () => AvailableMemory.Bytes(wiring.Files), Replanning.In(wiring.Launching, wiring.Time), terminal, log?.Log, wiring.Time)
            : null;
        options = options with
        {
            Limits = HttpSettings.WithinOpenFiles(options.Limits, wiring.Files, terminal),
            Log = log?.Log,
            OnFault = fault => terminal.Error($"a query failed: {fault.Message}"),
            OnDrift = drift => Drifted(drift, terminal, wiring.Time, replanning),
            OnPlanReplaced = () => replanning?.Forget(),
            Reload = Reload,
            TableMemory = new TableMemoryWatch(() => place.Use(served.Tables), wiring.Time),
        };
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = Task.Factory.StartNew(Reload, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        });
        return Serve(options, served.Target, plan, place, terminal, invocation.Cancellation).GetAwaiter().GetResult();

        string? Reload()
        {
            var problem = served.Reload(
                switched: next => options.Plan!.Replace(HttpSettings.PromiseOf(next)),
                taken: next =>
                {
                    place.GiveRest(next);
                    options.TableMemory!.Forget();
                    options.Log?.Write("plan-loaded", json => json.WriteString("path", next.PathId()));
                    terminal.Message($"now serving {next.PathId()}; promise {next.Promise.Qps:F0} queries/s at {next.Sla}");
                });
            if (problem is not null)
            {
                options.Log?.Write("plan-kept", json => json.WriteString("because", problem));
                terminal.Error($"the plan that is served stays: {problem}");
            }

            return problem;
        }
    }

    private static void Drifted(ServedDrift news, Terminal terminal, TimeProvider clock, Replanning? replanning)
    {
        var (drift, since) = (news.Drift, news.Since(clock));
        var times = string.Create(CultureInfo.InvariantCulture, $"{drift.Ratio:F2} times what the plan explains (its interval: {drift.Low:F2} to {drift.High:F2}), since {since:yyyy-MM-ddTHH:mm:ssZ}");
        if (news.IsOver)
        {
            terminal.Message($"drift ended: runs of {news.Path} take {times}");
        }
        else
        {
            var means = drift.State == DriftState.Slower ? "the promise is in danger" : "the machine may hold more than is promised";
            var next = replanning is null ? "; rectune apply --replan proposes another plan" : "";
            terminal.Warning($"drift: runs of {news.Path} take {times}: {means}{next}");
        }

        replanning?.Hear(news);
    }

    private static async Task<int> Serve(HttpServerOptions options, IQueryTarget target, Plan plan, ServingPlace place, Terminal terminal, CancellationToken cancellation)
    {
        options.TableMemory!.Refresh();
        var memory = options.TableMemory.Current!;
        await using var server = await HttpServer.StartAsync(options, target, new ServerMetrics(), cancellation);
        var urls = server.Urls;
        terminal.Json(new ServingNotice
        {
            Urls = urls,
            Model = plan.Model.Name,
            Path = plan.PathId(),
            PromiseQps = plan.Promise.Qps,
            Verdict = plan.Validated.Verdict,
            Place = place.Notice(plan, memory),
        });
        terminal.Result($"serving {plan.Model.Name} on {string.Join(", ", urls)} with {plan.PathId()}; promise {plan.Promise.Qps:F0} queries/s at {plan.Sla}");
        terminal.Message(place.Text(plan, memory));
        if (plan.Validated.Verdict != Verdict.Met)
        {
            terminal.Warning($"the plan's promise is not certified (verdict {plan.Validated.Verdict.Name()}): rectune verify, or plan again");
        }

        if (options.Tls is { } identity && identity.Certificate.NotAfter.ToUniversalTime() < options.Clock.GetUtcNow().UtcDateTime)
        {
            terminal.Warning($"the certificate ended on {identity.Certificate.NotAfter:yyyy-MM-dd}: clients will refuse it");
        }

        if (plan.Workload.Skew.Kind == SkewKind.Data && plan.Paths.Any(path => path.Configuration.CacheBytes > 0))
        {
            terminal.Warning("the cache of vectors starts empty, since serving reads no click log: until it has filled by what is asked for, answers take longer than the plan promises");
        }

        var page = urls.FirstOrDefault(url => url.StartsWith("http", StringComparison.Ordinal)) ?? urls[0];
        terminal.Message($"live page: {page}/; metrics: {page}/metrics; stop with Ctrl-C or SIGTERM: queries inside are answered first");
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
