using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Profiles;

/// <summary>A process that loads the last core in random bursts: arithmetic over more memory than the caches hold, for exponential times, and as long pauses between.</summary>
internal sealed class BurstLoad : IDisposable
{
    public const double MeanSeconds = 3;

    private readonly Process process;

    public BurstLoad(ulong seed)
    {
        var own = Assembly.GetExecutingAssembly().Location;
        process = Process.Start(new ProcessStartInfo("dotnet", [own, "burst", "--seed", seed.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false })
            ?? throw new InvalidOperationException("the load did not start");
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            process.ProcessorAffinity = 1 << (Environment.ProcessorCount - 1);
        }
    }

    /// <summary>What the process does, until it is ended.</summary>
    public static int Run(Options options)
    {
        var random = new SplitMix64((ulong)options.Whole("--seed", 1));
        var block = new float[4 << 20];
        using var never = new ManualResetEvent(false);
        var sum = 0f;
        while (true)
        {
            var begun = Stopwatch.GetTimestamp();
            var busy = TimeSpan.FromSeconds(MeanSeconds * random.NextExponential());
            while (Stopwatch.GetElapsedTime(begun) < busy)
            {
                sum += System.Numerics.Tensors.TensorPrimitives.Dot<float>(block, block);
            }

            block[0] = sum * 0;
            never.WaitOne(TimeSpan.FromSeconds(MeanSeconds * random.NextExponential()));
        }
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
