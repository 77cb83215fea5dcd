using Rectune.Core.Domain;

namespace Rectune.Core.Scheduling;

/// <summary>What must hold of settings before anything is scheduled by them.</summary>
internal static class SchedulerChecks
{
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public static void Check(SchedulerSettings settings)
    {
        Require(SchedulingPolicies.Names.Contains(settings.Policy), nameof(settings.Policy), settings.Policy, string.Join(", ", SchedulingPolicies.Names.Select(name => $"'{name}'")));
        Require(settings.Instances >= 1, nameof(settings.Instances), settings.Instances, "at least 1");
        Require(settings.SplitSamples >= 1, nameof(settings.SplitSamples), settings.SplitSamples, "at least 1");
        Require(settings.MaxBatch >= settings.SplitSamples, nameof(settings.MaxBatch), settings.MaxBatch, $"at least SplitSamples ({settings.SplitSamples})");
        Require(settings.BatchWindowUs >= 0, nameof(settings.BatchWindowUs), settings.BatchWindowUs, "0 or more");
        Require(settings.QueueLimit >= 1, nameof(settings.QueueLimit), settings.QueueLimit, "at least 1");
        Require(settings.LimitUs is null or > 0, nameof(settings.LimitUs), settings.LimitUs ?? 0, "at least 1, or none");
        Require(settings.SlackShare is null or (>= 0 and < 1), nameof(settings.SlackShare), settings.SlackShare ?? 0, "0 to less than 1");
        Require(settings.HysteresisShare is null or (>= 0 and < 1), nameof(settings.HysteresisShare), settings.HysteresisShare ?? 0, "0 to less than 1");
        Require(settings.Policy == SchedulingPolicies.Static || settings.Paths.Count > 0, nameof(settings.Paths), "none", $"one or more for '{settings.Policy}'");
        Require(settings.Policy != SchedulingPolicies.Static || settings.Paths.Count <= 1, nameof(settings.Paths), settings.Paths.Count, $"at most 1 for '{settings.Policy}'");
        foreach (var path in settings.Paths)
        {
            Check(settings, path);
        }

        var devices = settings.Paths.GroupBy(path => path.Device, StringComparer.Ordinal).ToArray();
        Require(
            settings.Policy != SchedulingPolicies.Offload || (devices.Length <= 2 && devices.All(device => device.Count() == 1)),
            nameof(settings.Paths), $"{settings.Paths.Count} of {devices.Length} devices", $"one of each of two devices at most for '{settings.Policy}'");
        foreach (var device in devices)
        {
            Require(device.Select(path => path.Instances).Distinct().Count() == 1, $"{nameof(settings.Paths)} of {device.Key}", "different numbers of instances", "the device's, on all of its paths");
        }

        Require(
            settings.QualityMin is not { } floor || settings.Paths.Any(path => path.Quality >= floor),
            nameof(settings.QualityMin), settings.QualityMin ?? 0, $"at most the quality of the best path ({settings.Paths.Select(path => path.Quality).DefaultIfEmpty(0).Max()})");
    }

    private static void Check(SchedulerSettings settings, ScheduledPath path)
    {
        Require(path.Instances >= 1, $"{path.Id} {nameof(path.Instances)}", path.Instances, "at least 1");
        Require(path.MaxBatch >= settings.SplitSamples, $"{path.Id} {nameof(path.MaxBatch)}", path.MaxBatch, $"at least SplitSamples ({settings.SplitSamples})");
        Require(path.TypicalShare is > 0 and <= 1, $"{path.Id} {nameof(path.TypicalShare)}", path.TypicalShare, "more than 0, at most 1");
        Require(double.IsFinite(path.Quality), $"{path.Id} {nameof(path.Quality)}", path.Quality, "a number");
        Require(path.Planned.Count > 0, $"{path.Id} {nameof(path.Planned)}", "no time", "one or more");
        for (var i = 0; i < path.Planned.Count; i++)
        {
            var (batch, us) = (path.Planned[i].Batch, path.Planned[i].Us);
            Require(batch > (i == 0 ? 0 : path.Planned[i - 1].Batch), $"{path.Id} {nameof(path.Planned)}", $"batch {batch} at {i}", "ascending batches from 1");
            Require(double.IsFinite(us) && us > 0, $"{path.Id} {nameof(path.Planned)}", $"{us} us at batch {batch}", "a positive time");
        }
    }

    private static void Require(bool holds, string member, object value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentException($"scheduler setting {member}: found {value}, expected {expected}");
        }
    }
}
