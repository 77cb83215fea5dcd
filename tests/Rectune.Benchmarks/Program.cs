using Rectune.Benchmarks;
using Rectune.Benchmarks.Bags;
using Rectune.Benchmarks.Certification;
using Rectune.Benchmarks.Dhe;
using Rectune.Engine.Limits;
using Rectune.Engine.Serving.Http;
using Rectune.Benchmarks.Live;
using Rectune.Benchmarks.Load;
using Rectune.Benchmarks.Models;
using Rectune.Benchmarks.Prediction;
using Rectune.Benchmarks.Profiles;
using Rectune.Benchmarks.Scheduling;
using Rectune.Benchmarks.Serving;
using Rectune.Benchmarks.Simulation;

// Every benchmark writes its own report with the environment it ran in.
const string Usage = """
    usage: dotnet run --project tests/Rectune.Benchmarks -c Release -- BENCHMARK [options]

      models [--models ncf,rm1,rm2,rm3,wnd,mtwnd,din,dien,dlrm] [--batches 1,16,128,1024] [--seconds 90] [--rounds 7] [--rows-cap N] [--threads N] [--out FOLDER]
          Models of the zoo, look-ups included, against the same models in PyTorch, measured in turn; --seconds is a model's time. Up to 16 GB of memory at full size.
          Without --threads, both sides run with 1 thread or one a core, whichever is faster.
          Needs Debian's python3-torch and libopenblas0-pthread (sudo apt-get install -y python3-torch libopenblas0-pthread).

      bags [--seconds 120] [--threads 1] [--tables 32] [--rows 500000] [--dim 64] [--lookups 120] [--batch 64] [--torch-huge-pages] [--sweep] [--out FOLDER]
          Pooled look-ups of RM2's shape against PyTorch's EmbeddingBag and the machine's limits, measured in turn; 16 GB of memory at these sizes.
          --sweep prints rows a second for every prefetch distance instead, without PyTorch. Needs the packages above.

      dhe [--seconds 120] [--rounds 7] [--out FOLDER]
          Decoders of Deep Hash Embedding for 26 features and batches of 128, in two forms of the graph, against the best matrix product; with 1 thread and one a core.

      mp-cache [--seconds 80] [--rounds 5] [--batch 128] [--representation 'dhe(k=1024,decoder=512-256)'] [--sizes 2MiB,16MiB] [--skews 0,0.8,1.05,1.2] [--out FOLDER]
          DLRM over Deep Hash Embedding with caches of finished vectors, for several Zipf exponents of the ids: hit rates predicted and measured, run times with and without in turn.

      resume [--kills 20] [--longest 5] [--model ncf] [--out FOLDER]
          Kills rectune profile with signal 9 at random instants, resumes it each time, and checks that no line was lost.

      repeat [--seconds 60] [--model dlrm] [--out FOLDER]
          Measures the same paths twice under a bursty neighbour, by rectune profile and by a plain loop, and counts how many medians agree within 3 %.

      predict [--profile profiles/cloud-epyc-2c[+PROFILE…]] [--second PROFILE] [--models dlrm] [--seeds 10] [--out FOLDER]
          Service times of paths that were never measured, predicted from some of the paths of a recorded profile, beside what a second
          recording of the same paths differs by; measures nothing. Of several profiles, the least that a path took in any.

      search [--profile profiles/cloud-epyc-2c] [--second PROFILE] [--models dlrm] [--seeds 20] [--optuna] [--out FOLDER]
          What searches find after a share of the measuring that a recorded profile took, judged by a second recording of the same paths; measures nothing.
          --optuna adds the samplers of Debian's python3-optuna (sudo apt-get install -y python3-optuna).

      live [--plans dlrm:5,dlrm:20,…] [--budget 30s] [--seconds 10] [--after live.md] [--out FOLDER]
          Plans for models and limits in ms, held against live load at thirteen rates each: about four minutes a plan. --after goes on where an earlier report ended.

      certify [--trials 1000] [--looks 9] [--out FOLDER]
          How often verdicts are wrong for simulated queues whose truth lies just above or below the target, and after how many queries they are right; measures nothing.

      simulator [--seconds 20] [--out FOLDER]
          Queries simulated a second on one core.

      serving [--model dlrm] [--rows-cap 200000] [--slices 40] [--seconds 0.4] [--out FOLDER]
          What the server in process costs over the engine alone: throughput under a backlog, latency at light load.

      soak [--minutes 10] [--model dlrm] [--rows-cap 200000] [--sla p99=20ms] [--qps N] [--budget 40s] [--out FOLDER]
          Memory, files and threads of a served plan under load, unruly clients and a new plan every minute.

      serving-http [--model dlrm] [--rows-cap 200000] [--slices 40] [--seconds 0.4] [--out FOLDER]
          The same over loopback HTTP, server and engine on one core and the client on another: about three minutes.

      node [--model dlrm] [--rows-cap 200000] [--sla p99=20ms] [--workload deeprecsys-prod,fixed:16] [--settings 2x1x0,2x1x256,…] [--search-seconds 8] [--seconds 20] [--rounds 3] [--budget 60s] [--out FOLDER]
          Plans behind rectune apply against a plain server of the same model (onnxruntime-node behind Node's HTTP server, ort_server.mjs), both under rectune bench: goodput at the same target against
          the best of the comparison server's settings (processes x threads x batch) and against its defaults. Needs Node.js 18.3 or later; about 40 minutes a workload.

      multipath [--model dlrm] [--good hybrid(k=128,decoder=128-64)] [--limit 30] [--budget 40s] [--seconds 5] [--rounds 3] [--out FOLDER]
          Two representations together and each alone under the same live load, from a tenth of what the faster one holds to three times as much, with and without a floor of quality: about twenty minutes.

      paper [--profile profiles/cloud-epyc-2c] [--path table-fp32-cpu-i2-t1] [--out FOLDER]
          MP-Rec's setting of a processor and a graphics card in virtual time: correct predictions over the tables on the processor and over the best single path; measures nothing.

      decisions [--decisions 200000] [--out FOLDER]
          What the scheduler's decisions take with eight paths and a thousand queries waiting.

      generator [--qps 20000] [--seconds 10] [--connections 1024] [--out FOLDER]
          How well the load generator keeps to its schedule, in process and over loopback HTTP.

      limits [--seconds 20] [--threads 1] [--rows 4000000] [--out FOLDER]
          What the machine can do at most: sequential reads, random rows, matrix products.
    """;

SocketCompletions.RunInline(new Dictionary<string, string>());
var options = new Options(args);
switch (args.FirstOrDefault())
{
    case "models":
        return ModelsComparison.Run(options);
    case "bags":
        return options.Has("--sweep") ? PrefetchSweep.Run(options) : BagsComparison.Run(options);
    case "dhe":
        return DecoderComparison.Run(options);
    case "mp-cache":
        return CacheComparison.Run(options);
    case "resume":
        return KillAndResume.Run(options);
    case "repeat":
        return Repeatability.Run(options);
    case "burst":
        return BurstLoad.Run(options);
    case "predict":
        return HeldOutPaths.Run(options);
    case "search":
        return SearchComparison.Run(options);
    case "live":
        return LivePredictions.Run(options);
    case "certify":
        return CertificationTrials.Run(options);
    case "simulator":
        return SimulatorSpeed.Run(options);
    case "decisions":
        return DecisionTime.Run(options);
    case "serving":
        return ServingSpeed.Run(options);
    case "soak":
        return Soak.Run(options);
    case "serving-http":
        return HttpServingSpeed.Run(options);
    case EngineCommands.Name:
        return EngineCommands.Run(options);
    case "node":
        return NodeComparison.Run(options);
    case "multipath":
        return MultiPathLoad.Run(options);
    case "paper":
        return PaperSetting.Run(options);
    case "generator":
        return GeneratorLateness.Run(options);
    case "limits":
        return LimitsReport.Run(options);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
