using Newtonsoft.Json.Linq;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>The profile that comes with the project: a plan for everyone who has measured nothing yet.</summary>
public sealed class CommittedProfileTests : IDisposable
{
    private static readonly string Profile = Path.Combine(Rectune.Root, "profiles", "cloud-epyc-2c");

    private readonly Rectune rectune = new();

    public void Dispose() => rectune.Dispose();

    [Fact]
    public void Verify_IsWhole()
    {
        var verified = rectune.Run("profile", "--verify", Profile);
        Assert.True(verified.Code == 0, verified.ToString());
    }

    [Theory]
    [InlineData("dlrm", "p99=20ms", "default")]
    [InlineData("ncf", "default", "quick")]
    [InlineData("wnd", "p99=60ms", "quick")]
    [InlineData("din", "default", "quick")]
    [InlineData("rm1", "default", "quick")]
    public void PlanOffline_EveryModelInIt_PromisesARateWithoutMeasuring(string model, string sla, string space)
    {
        var planned = rectune.Run("plan", "--model", model, "--sla", sla, "--space", space, "--profile", Profile, "--offline", "--json");
        Assert.True(planned.Code == 0, planned.ToString());
        var plan = JObject.Parse(planned.Output);
        Assert.True((double)plan["promise"]!["qps"]! > 0);
        Assert.Equal("not-run", (string?)plan["validated"]!["verdict"]);
        Assert.Equal((int)plan["provenance"]!["total"]!, (int)plan["provenance"]!["measured"]!);
    }
}
