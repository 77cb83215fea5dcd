using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>What must hold of a scheduler's settings before anything is scheduled by them.</summary>
public static class SchedulerChecks
{
    /// <summary>Hears of one requirement.</summary>
    /// <param name="holds">Whether it is met.</param>
    /// <param name="path">Of the member in a file, from the settings on: <c>.paths[1].maxBatch</c>.</param>
    /// <param name="found">Its value.</param>
    /// <param name="expected">What would be right.</param>
    public delegate void Requirement(bool holds, string path, object found, string expected);

    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public static void Require(SchedulerSettings settings) => Check(settings, static (holds, path, found, expected) =>
    {
        if (!holds)
        {
            throw new ArgumentException(FormattableString.Invariant($"scheduler setting {path}: found {found}, expected {expected}"));
        }
    });

    /// <summary>Tells of every requirement.</summary>
    public static void Check(SchedulerSettings settings, Requirement require)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(require);
        var names = string.Join(", ", SchedulingPolicies.Names.Select(name => $"'{name}'"));
        require(SchedulingPolicies.Names.Contains(settings.Policy), ".policy", $"'{settings.Policy}'", $"one of {names}");
        require(settings.Instances >= 1, ".instances", settings.Instances, "at least one instance");
        require(settings.SplitSamples >= 1, ".splitSamples", settings.SplitSamples, "at least 1");
        require(settings.MaxBatch >= settings.SplitSamples, ".maxBatch", settings.MaxBatch, $"at least splitSamples ({settings.SplitSamples})");
        require(settings.BatchWindowUs >= 0, ".batchWindowUs", settings.BatchWindowUs, "0 or more");
        require(settings.QueueLimit >= 1, ".queueLimit", settings.QueueLimit, "room for at least one query");
        require(settings.LimitUs is null or > 0, ".limitUs", settings.LimitUs ?? 0, "microseconds, at least 1");
        require(settings.SlackShare is null or (>= 0 and < 1), ".slackShare", settings.SlackShare ?? 0, "0 to less than 1");
        require(settings.HysteresisShare is null or (>= 0 and < 1), ".hysteresisShare", settings.HysteresisShare ?? 0, "0 to less than 1");
        require(settings.OffloadAbove is null or > 0, ".offloadAbove", settings.OffloadAbove ?? 0, "samples, at least 1");
        if (settings.Policy == SchedulingPolicies.Static)
        {
            require(settings.Paths.Count <= 1, ".paths", $"{settings.Paths.Count} paths", $"at most 1 for '{settings.Policy}'");
        }
        else
        {
            require(settings.Paths.Count > 0, ".paths", "none", $"one or more for '{settings.Policy}'");
        }

        for (var i = 0; i < settings.Paths.Count; i++)
        {
            CheckPath(settings, i, require);
        }

        var devices = settings.Paths.Select(path => path.Device).Distinct(StringComparer.Ordinal).Count();
        require(
            settings.Policy != SchedulingPolicies.Offload || (devices <= 2 && devices == settings.Paths.Count),
            ".paths", $"{settings.Paths.Count} of {devices} devices", $"one of each of two devices at most for '{settings.Policy}'");
        require(
            settings.QualityMin is not { } floor || settings.Paths.Any(path => path.Quality >= floor),
            ".qualityMin", settings.QualityMin ?? 0, FormattableString.Invariant($"at most the quality of the best path ({settings.Paths.Select(path => path.Quality ?? 0).DefaultIfEmpty(0).Max()})"));
    }

    private static void CheckPath(SchedulerSettings settings, int index, Requirement require)
    {
        var path = settings.Paths[index];
        var place = FormattableString.Invariant($".paths[{index}]");
        require(path.Instances >= 1, $"{place}.instances", path.Instances, "at least 1");
        var same = settings.Paths.First(other => other.Device == path.Device).Instances;
        require(path.Instances == same, $"{place}.instances", path.Instances, $"{same}, as on all paths of {path.Device}");
        require(path.MaxBatch >= settings.SplitSamples, $"{place}.maxBatch", path.MaxBatch, $"at least splitSamples ({settings.SplitSamples})");
        require(path.TypicalShare is > 0 and <= 1, $"{place}.typicalShare", path.TypicalShare, "more than 0, at most 1");
        require(double.IsFinite(path.Quality ?? 0), $"{place}.quality", path.Quality ?? 0, "a number");
        require(path.Planned.Count > 0, $"{place}.planned", "no time", "one or more");
        for (var i = 0; i < path.Planned.Count; i++)
        {
            var (batch, us) = (path.Planned[i].Batch, path.Planned[i].Us);
            require(batch > (i == 0 ? 0 : path.Planned[i - 1].Batch), FormattableString.Invariant($"{place}.planned[{i}].batch"), $"batch {batch}", "ascending batches from 1");
            require(double.IsFinite(us) && us > 0, FormattableString.Invariant($"{place}.planned[{i}].us"), us, "a positive time");
        }
    }
}
