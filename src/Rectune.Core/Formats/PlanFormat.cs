using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Plans as text (<c>rectune.plan/1</c>): sealed when written, verified when read.</summary>
public static class PlanFormat
{
    /// <summary>The plan with <see cref="Plan.Sha256"/> set to the hash of its canonical text with that member empty.</summary>
    public static Plan Seal(Plan plan) => plan with { Sha256 = Hash(plan) };

    /// <summary>Canonical text of a sealed plan. Throws <see cref="InvalidOperationException"/> when it is not sealed, or altered since.</summary>
    public static string Write(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Sha256 == Hash(plan)
            ? RecordText.Write(plan)
            : throw new InvalidOperationException("a plan is sealed before it is written");
    }

    /// <summary>
    /// Reads, verifies and checks a plan; throws <see cref="InvalidInputException"/> with every problem, an altered plan being one.
    /// <paramref name="fileName"/> is only shown.
    /// </summary>
    public static Plan Read(string text, string fileName) => RecordText.Read<Plan>(new InputText(fileName, text), Check);

    private static string Hash(Plan plan) => TextHash.Sha256(RecordText.Write(plan with { Sha256 = "" }));

    private static void Check(Plan plan, RecordProblems problems)
    {
        var hash = Hash(plan);
        if (plan.Sha256 != hash)
        {
            problems.Add(
                ".sha256",
                $"the plan was altered after it was written: found {(plan.Sha256.Length == 0 ? "no hash" : plan.Sha256)}, expected {hash} for these contents",
                "a plan is evidence, not a form to edit: run rectune plan again with other flags");
        }

        PlanChecks.Check(plan, problems);
    }
}
