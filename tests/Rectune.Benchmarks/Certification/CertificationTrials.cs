using System.Globalization;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Certification;

/// <summary>How often verdicts are wrong where the truth is known and as close as can be, and how soon they are right where it is not close; no machine time enters.</summary>
internal static class CertificationTrials
{
    private const double Allowed = 0.01;
    private const double Confidence = 0.99;
    private const ulong Purpose = 0x4365727469;

    /// <summary>First judgement after so many queries, each further one after half as many again.</summary>
    private const int FirstQueries = 600;
    private const double Growth = 1.5;

    /// <summary>Queries of which the true percentile is read.</summary>
    private const int TruthQueries = 10_000_000;
    private const int TruthSeries = 8;

    /// <summary>Share over the limit, just above and just below what is allowed.</summary>
    private const double JustAbove = 0.0102;
    private const double JustBelow = 0.0098;

    private static readonly double[] Loads = [0.5, 0.7, 0.9];

    private const double PowerLoad = 0.7;

    /// <summary>True percentile over the limit.</summary>
    private const double PowerGap = 0.8;

    private static readonly int[] PowerQueries = [12_500, 25_000, 50_000, 100_000, 200_000, 400_000];

    public static int Run(Options options)
    {
        var trials = options.Whole("--trials", 1000);
        var looks = options.Whole("--looks", 9);
        var report = new Report(options, "Verdicts where the truth is known");
        report.Text.Append(CultureInfo.InvariantCulture, $"- p99 at {Confidence:P0} confidence; {trials} trials each; judged after {FirstQueries} queries and {looks - 1} times more, each time after half as many again ({At(looks - 1)} at last)\n");
        report.Text.Append("- false met: some judgement says met though 1.02 % of all queries are over the limit; false missed: the other way round at 0.98 %; intervals: 95 % (Clopper and Pearson)\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- truth: the quantile of {TruthSeries} × {TruthQueries / 1_000_000} million latencies\n\n");
        report.Text.Append("| queue | load | false met | false missed |\n|---|---|---|---|\n");
        foreach (var law in options.Has("--power-only") ? [] : QueueLaw.All)
        {
            foreach (var load in Loads)
            {
                var truth = new Truth(law, load);
                report.Text.Append(CultureInfo.InvariantCulture, $"| {law.Name} | {load:P0} | {Share(Wrong(law, load, truth.Exceeded(JustAbove), PromiseOutcome.Met, trials, looks), trials)} | {Share(Wrong(law, load, truth.Exceeded(JustBelow), PromiseOutcome.Missed, trials, looks), trials)} |\n");
                Console.Error.WriteLine($"{law.Name} at {load}: done");
            }
        }

        Power(report, options.Whole("--power-trials", 200));
        report.Write("certification.md");
        return 0;
    }

    private static int At(int look) => (int)(FirstQueries * Math.Pow(Growth, look));

    private static int Wrong(QueueLaw law, double load, double limit, PromiseOutcome wrong, int trials, int looks) =>
        Enumerable.Range(0, trials).AsParallel().Count(trial => Judgements(law, load, limit, trial, looks).Any(outcome => outcome == wrong));

    /// <summary>One judgement of each trial after each of some numbers of queries.</summary>
    private static void Power(Report report, int trials)
    {
        report.Text.Append(CultureInfo.InvariantCulture, $"\nPower: the true p99 is 20 % below the limit, the load 70 %; {trials} trials. Share of trials that one judgement after so many queries calls met; in brackets those that it calls missed.\n\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"| queue | {string.Join(" | ", PowerQueries.Select(queries => queries.ToString("N0", CultureInfo.InvariantCulture)))} |\n|---|{string.Concat(PowerQueries.Select(_ => "---|"))}\n");
        foreach (var law in QueueLaw.All)
        {
            var limit = new Truth(law, PowerLoad).Exceeded(Allowed) / PowerGap;
            var outcomes = Enumerable.Range(0, trials).AsParallel().AsOrdered().Select(trial =>
            {
                var latencies = Latencies(law, PowerLoad, trial, PowerQueries[^1]);
                return Array.ConvertAll(PowerQueries, queries => new PromiseTest(Allowed, Confidence).Judge(latencies.AsSpan(0, queries), limit).Outcome);
            }).ToArray();
            report.Text.Append(CultureInfo.InvariantCulture, $"| {law.Name} | {string.Join(" | ", PowerQueries.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{outcomes.Count(outcome => outcome[i] == PromiseOutcome.Met) / (double)trials:P0} ({outcomes.Count(outcome => outcome[i] == PromiseOutcome.Missed) / (double)trials:P0})")))} |\n");
            Console.Error.WriteLine($"{law.Name}: power done");
        }
    }

    private static IEnumerable<PromiseOutcome> Judgements(QueueLaw law, double load, double limit, int trial, int looks)
    {
        var latencies = Latencies(law, load, trial, At(looks - 1));
        var test = new PromiseTest(Allowed, Confidence);
        for (var look = 0; look < looks; look++)
        {
            yield return test.Judge(latencies.AsSpan(0, At(look)), limit, look + 1).Outcome;
        }
    }

    private static double[] Latencies(QueueLaw law, double load, int trial, int queries)
    {
        var latencies = new double[queries];
        var generator = SplitMix64.For(StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"{law.Name} {load}")), Purpose, (ulong)trial);
        law.Fill(load, ref generator, latencies);
        return latencies;
    }

    private static string Share(int wrong, int trials)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{(double)wrong / trials:P1} [{ClopperPearson.Lower(wrong, trials, 0.025):P1} … {ClopperPearson.Upper(wrong, trials, 0.025):P1}]");
    }

    /// <summary>The tail of very many latencies.</summary>
    private sealed class Truth
    {
        /// <summary>The largest twentieth of each series is kept.</summary>
        private const int Kept = 20;

        private readonly double[] tail;

        public Truth(QueueLaw law, double load)
        {
            tail =
            [
                .. Enumerable.Range(0, TruthSeries).AsParallel().SelectMany(series =>
                {
                    var latencies = new double[TruthQueries];
                    var generator = SplitMix64.For(StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"truth {law.Name} {load}")), Purpose, (ulong)series);
                    law.Fill(load, ref generator, latencies);
                    Array.Sort(latencies);
                    return latencies[^(TruthQueries / Kept)..];
                }).OrderDescending(),
            ];
        }

        /// <summary>The latency that this share exceeds.</summary>
        public double Exceeded(double share) => tail[(int)(share * TruthSeries * (long)TruthQueries)];
    }
}
