using NJsonSchema;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class PlanFormatTests
{
    private static readonly string Text = PlanFormat.Write(SampleRecords.Plan());

    [Fact]
    public void Write_ThenRead_IsIdentity() => Assert.Equal(Text, PlanFormat.Write(PlanFormat.Read(Text, "plan.json")));

    [Fact]
    public void Read_PlanLaidOutDifferently_IsTheSamePlan() =>
        Assert.Equal(Text, PlanFormat.Write(PlanFormat.Read(RecordText.WriteLine(SampleRecords.Plan()), "plan.json")));

    [Fact]
    public async Task Write_AnyPlan_SatisfiesTheShippedSchema()
    {
        var schema = await JsonSchema.FromJsonAsync(SchemaTexts.Plan, TestContext.Current.CancellationToken);
        // The validator itself fails on integers above 2⁶³, so the seed is a smaller one here.
        var text = PlanFormat.Write(PlanFormat.Seal(SampleRecords.Plan() with { Seed = long.MaxValue }));
        Assert.Empty(schema.Validate(text));
        Assert.NotEmpty(schema.Validate(text.Replace("\"seed\"", "\"sead\"", StringComparison.Ordinal)));
        Assert.NotEmpty(schema.Validate(text.Replace("\"met\"", "\"maybe\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_WhatWasAsked_IsReadAgainAndAPlanWithoutIsAsBefore()
    {
        Assert.DoesNotContain("\"asked\"", Text, StringComparison.Ordinal);
        var told = PlanFormat.Seal(SampleRecords.Plan() with { Asked = new Dictionary<string, string> { ["sla"] = "p99=20ms", ["model"] = "dlrm" } });
        var text = PlanFormat.Write(told);
        Assert.Contains("\"asked\": {\n    \"model\": \"dlrm\",\n    \"sla\": \"p99=20ms\"\n  },", text, StringComparison.Ordinal);
        Assert.Equal(text, PlanFormat.Write(PlanFormat.Read(text, "plan.json")));
        Assert.Throws<InvalidInputException>(() => PlanFormat.Read(text.Replace("\"dlrm\"", "\"ncf\"", StringComparison.Ordinal), "plan.json"));
    }

    [Fact]
    public void Write_UnsealedPlan_IsABug()
    {
        var plan = SampleRecords.Plan();
        Assert.Throws<InvalidOperationException>(() => PlanFormat.Write(plan with { Seed = 2 }));
    }

    [Fact]
    public void Read_TruncatedAnywhere_IsRefusedAsTruncated()
    {
        // The last character is the line end after the closing brace; without it the plan is whole.
        for (var length = 0; length < Text.Length - 1; length++)
        {
            var problem = Assert.Single(Assert.Throws<InvalidInputException>(() => PlanFormat.Read(Text[..length], "plan.json")).Problems);
            Assert.Contains(length == 0 ? "is empty" : "ends early", problem.What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_AnyCharacterChanged_IsRefusedUnlessTheMeaningIsTheSame()
    {
        var refused = 0;
        for (var at = 0; at < Text.Length; at++)
        {
            foreach (var replacement in "0x\"} ")
            {
                if (Text[at] == replacement)
                {
                    continue;
                }

                var mutated = $"{Text.AsSpan(0, at)}{replacement}{Text.AsSpan(at + 1)}";
                try
                {
                    Assert.Equal(Text, PlanFormat.Write(PlanFormat.Read(mutated, "plan.json")));
                    Assert.True(char.IsWhiteSpace(Text[at]), $"a change of '{Text[at]}' at {at} went unnoticed");
                }
                catch (InvalidInputException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 4 * Text.Count(c => !char.IsWhiteSpace(c)) - 1000);
    }

    [Fact]
    public void Write_ThenReadOfATrace_KeepsItsSkew()
    {
        var skew = new IndexSkew
        {
            Kind = SkewKind.Trace,
            Source = Provenance.Measured,
            ZipfExponent = 0.9,
            DistinctShare = 0.25,
            HottestPercentShare = 0.5,
            DataFile = "trace.txt",
            DataSha256 = new string('a', 64),
            DataRows = 1000,
        };
        Assert.Equal(skew, PlanFormat.Read(With(skew), "plan.json").Workload.Skew);
    }

    [Theory]
    [InlineData(SkewKind.Zipf, "$.workload.skew.zipfExponent: found none, expected a positive exponent up to 10")]
    [InlineData(SkewKind.Data, "$.workload.skew.dataSha256: found '', expected the SHA-256 of the file, 64 hexadecimal digits")]
    [InlineData(SkewKind.Trace, "$.workload.skew.dataSha256: found '', expected the SHA-256 of the file, 64 hexadecimal digits")]
    public void Read_SkewThatCannotBeDrawnAgain_IsRefused(SkewKind kind, string expected)
    {
        var refused = Assert.Throws<InvalidInputException>(() => PlanFormat.Read(With(new IndexSkew { Kind = kind, Source = Provenance.Assumed }), "plan.json"));
        Assert.EndsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    private static string With(IndexSkew skew)
    {
        var plan = SampleRecords.Plan();
        return PlanFormat.Write(PlanFormat.Seal(plan with { Workload = plan.Workload with { Skew = skew } }));
    }

    [Fact]
    public void Read_AlteredPlan_SaysSoWithBothHashes()
    {
        var problem = Assert.Single(Assert.Throws<InvalidInputException>(
            () => PlanFormat.Read(Text.Replace("\"seed\": 18446744073709551615", "\"seed\": 7", StringComparison.Ordinal), "plan.json")).Problems);
        Assert.StartsWith("plan.json(3,13): $.sha256", problem.Where, StringComparison.Ordinal);
        Assert.Contains("altered after it was written", problem.What, StringComparison.Ordinal);
        Assert.Contains(SampleRecords.Plan().Sha256, problem.What, StringComparison.Ordinal);
        Assert.Contains(PlanFormat.Seal(SampleRecords.Plan() with { Seed = 7 }).Sha256, problem.What, StringComparison.Ordinal);
        Assert.Contains("plan again", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NewerSchema_SaysWhichRectuneWroteIt()
    {
        var newer = Text.Replace("rectune.plan/1", "rectune.plan/2", StringComparison.Ordinal).Replace("\"seed\"", "\"seeds\"", StringComparison.Ordinal);
        var problem = Assert.Single(Assert.Throws<InvalidInputException>(() => PlanFormat.Read(newer, "plan.json")).Problems);
        Assert.Equal("plan.json(2,13): $.schema", problem.Where);
        Assert.Equal("written by a newer rectune; found rectune.plan/2, expected rectune.plan/1", problem.What);
    }

    [Fact]
    public void Read_AnotherKindOfFile_SaysSo()
    {
        var problem = Assert.Single(Assert.Throws<InvalidInputException>(() => PlanFormat.Read(CardFormat.Write(SampleRecords.Card()), "card.json")).Problems);
        Assert.Equal("found 'rectune.card/1', expected rectune.plan/1", problem.What);
    }

    [Fact]
    public void Read_SealedButSenseless_ReportsEveryContradiction()
    {
        var plan = SampleRecords.Plan();
        var senseless = PlanFormat.Seal(plan with
        {
            Sla = new Sla { Percentile = 42, LimitMs = 20 },
            Scheduler = plan.Scheduler with { Policy = "multi-path", SplitSamples = 300, MaxBatch = 512, QueueLimit = 0, LimitUs = 0 },
            Paths = [plan.Paths[0] with { Machine = "elsewhere" }],
        });
        var paths = Assert.Throws<InvalidInputException>(() => PlanFormat.Read(PlanFormat.Write(senseless), "plan.json"))
            .Problems.Select(p => p.Where[(p.Where.IndexOf('$', StringComparison.Ordinal))..]);
        Assert.Equal(
            [
                "$.paths[0].machine", "$.promise.percentile", "$.scheduler.limitUs", "$.scheduler.maxBatch", "$.scheduler.paths", "$.scheduler.queueLimit",
                "$.sla.percentile",
            ],
            paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_ScheduledPathsAreNotThoseOfThePlan_NamesEveryDifference()
    {
        var plan = SampleRecords.Plan();
        var other = new ScheduledPath
        {
            Id = "p2",
            Device = "cuda:0",
            Instances = plan.Paths[0].Configuration.Instances + 1,
            MaxBatch = plan.Paths[0].MaxBatch + 1,
            Quality = 0.8,
            Planned = [new PlannedTime { Batch = 1, Us = 50 }],
            TypicalShare = 0.9,
        };
        var right = other with { Id = "p1", Device = plan.Paths[0].Configuration.Device, Instances = plan.Paths[0].Configuration.Instances, MaxBatch = plan.Paths[0].MaxBatch };
        var text = PlanFormat.Write(PlanFormat.Seal(plan with { Scheduler = plan.Scheduler with { Policy = SchedulingPolicies.MultiPath, Paths = [right] } }));
        Assert.Equal(text, PlanFormat.Write(PlanFormat.Read(text, "plan.json")));

        var wrong = PlanFormat.Seal(plan with { Scheduler = plan.Scheduler with { Policy = SchedulingPolicies.MultiPath, Paths = [other, right] } });
        var places = Assert.Throws<InvalidInputException>(() => PlanFormat.Read(PlanFormat.Write(wrong), "plan.json")).Problems.Select(p => p.Where[(p.Where.IndexOf('$', StringComparison.Ordinal))..]);
        Assert.Equal(
            ["$.scheduler.paths", "$.scheduler.paths[0].device", "$.scheduler.paths[0].id", "$.scheduler.paths[0].instances", "$.scheduler.paths[0].maxBatch"],
            places.Order(StringComparer.Ordinal));

        // Nothing may be promised to a query of what the plan does not know.
        var unknown = plan with { Paths = [plan.Paths[0] with { Quality = plan.Paths[0].Quality with { Value = null, Source = Provenance.Unknown } }] };
        Assert.Equal("$.scheduler.paths[0].quality", Assert.Single(Places(0.8)));
        Assert.Empty(Places(null));

        IReadOnlyList<string> Places(double? quality)
        {
            var written = PlanFormat.Write(PlanFormat.Seal(unknown with { Scheduler = plan.Scheduler with { Policy = SchedulingPolicies.MultiPath, Paths = [right with { Quality = quality }] } }));
            try
            {
                Assert.Equal(quality, PlanFormat.Read(written, "plan.json").Scheduler.Paths[0].Quality);
                return [];
            }
            catch (InvalidInputException e)
            {
                return [.. e.Problems.Select(p => p.Where[(p.Where.IndexOf('$', StringComparison.Ordinal))..])];
            }
        }
    }
}
