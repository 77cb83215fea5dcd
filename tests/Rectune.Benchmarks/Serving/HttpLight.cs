using System.Globalization;
using Rectune.Engine.Kernels;
using Rectune.Engine.Load;
using Rectune.Engine.Load.Http;

namespace Rectune.Benchmarks.Serving;

/// <summary>What HTTP adds to lone queries of one size: to a client whose core sleeps between them, to one whose core does not, and where the server's instance does not sleep either.</summary>
internal sealed class HttpLight : IDisposable
{
    private readonly int samples;
    private readonly CoreSet clientCore;
    private readonly HttpLoadTarget plain;
    private readonly HttpLoadTarget spinning;
    private readonly PreparedRequests requests;
    private readonly List<double> engineUs;
    private readonly List<double> added;
    private readonly List<double> addedAwake;
    private readonly List<double> addedSpinning;

    public HttpLight(int samples, CoreSet clientCore, Func<string, int, (HttpLoadTarget, PreparedRequests)> connect, EngineProcess engine, SliceTable table)
    {
        (this.samples, this.clientCore) = (samples, clientCore);
        (plain, requests) = connect(engine.Address, samples);
        (spinning, _) = connect(engine.SpinningAddress, samples);
        engineUs = table.Row($"engine alone, a lone query of {samples} samples, p50, us", "F0");
        added = table.Row("added to it over HTTP, us", "F0");
        addedAwake = table.Row("the same where the client's core is kept from sleeping, us", "F0");
        addedSpinning = table.Row("the same, and the idle instance looks for work (`apply --spin 10ms`), us", "F0");
    }

    /// <summary>Measures a slice of each, and says so in a few words. The instance that looks for work comes first: it goes on for a while.</summary>
    public string Slice(EngineProcess engine)
    {
        double overHttpSpinning, overHttpAwake;
        using (new AwakeCore(clientCore))
        {
            overHttpSpinning = Us(spinning);
            overHttpAwake = Us(plain);
        }

        var overHttp = Us(plain);
        engineUs.Add(engine.RawLightUs(samples));
        added.Add(overHttp - engineUs[^1]);
        addedAwake.Add(overHttpAwake - engineUs[^1]);
        addedSpinning.Add(overHttpSpinning - engineUs[^1]);
        return string.Create(CultureInfo.InvariantCulture, $"{samples} samples {engineUs[^1]:F0} {added[^1]:+0;-0} {addedAwake[^1]:+0;-0} {addedSpinning[^1]:+0;-0} us");
    }

    public void Dispose()
    {
        plain.Dispose();
        spinning.Dispose();
    }

    private double Us(HttpLoadTarget target) => LightLoad.Us(target, requests.Pool, samples, GeneratorUrgency.RealTime);
}
