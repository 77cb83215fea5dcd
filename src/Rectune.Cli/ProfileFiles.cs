using System.Globalization;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Cli;

/// <summary>What can be done with profiles without measuring: checking one, putting several together.</summary>
internal static class ProfileFiles
{
    /// <summary>Reads a profile with every check there is, and says what it holds.</summary>
    public static int Verify(Terminal terminal, string profile)
    {
        var journal = ProfileFolder.Read(profile);
        var description = ProfileFolder.Description(profile);
        if (journal.Rows.FirstOrDefault(row => description is not null && row.Key.MachineFingerprint != description.Machine.Fingerprint) is { } stray)
        {
            throw new InvalidInputException(
                profile,
                $"found a measurement of the machine {stray.Key.MachineFingerprint[..12]}, expected those of {description!.Machine.Id} ({description.Machine.Fingerprint[..12]})",
                "take the profile from its own machine again");
        }

        var report = new ProfileContents
        {
            Profile = profile,
            Machine = description?.Machine.Id,
            Measurements = journal.Rows.Count,
            Failures = journal.Failures.Count,
            Models = journal.Rows.Select(row => row.Key.ModelSha256).Distinct().Count(),
            TornLastLine = journal.Torn,
            First = journal.Rows.Select(row => row.MeasuredAt).Min(StringComparer.Ordinal),
            Last = journal.Rows.Select(row => row.MeasuredAt).Max(StringComparer.Ordinal),
        };
        terminal.Json(report);
        terminal.Result(string.Create(
            CultureInfo.InvariantCulture,
            $"{profile}: whole; {report.Measurements} measurements of {report.Models} model(s) on {report.Machine ?? "a machine that no profile.json describes"}, {report.Failures} failures, {report.First ?? "-"} to {report.Last ?? "-"}"));
        if (journal.Torn)
        {
            terminal.Warning("the last line was being written when its process ended; it is left out, and the next rectune profile --resume drops it");
        }

        return ExitCodes.Done;
    }

    /// <summary>Puts the measurements of profiles of one machine together, in the order of their dates; a line that several hold is taken once.</summary>
    public static int Merge(Terminal terminal, IReadOnlyList<string> profiles, string folder, TimeProvider clock)
    {
        if (profiles.Count < 2)
        {
            throw new InvalidInputException("--merge", $"found {profiles.Count} profile, expected two or more", "rectune profile --merge A B --out C");
        }

        if (ProfileFolder.Holds(folder))
        {
            throw new InvalidInputException("--out", $"found a profile in {folder}, expected a new folder", "choose another --out; nothing is ever overwritten");
        }

        var machine = ProfileFolder.MachineOf(profiles)
            ?? throw new InvalidInputException("--merge", "found no profile.json in any of them", "merge folders made by rectune profile");
        var journals = profiles.Select(ProfileFolder.Read).ToArray();
        foreach (var profile in profiles)
        {
            ProfileFolder.Rows(profile, machine);
        }

        var (text, chain) = (new StringBuilder(), "");
        var rows = journals.SelectMany(journal => journal.Rows).DistinctBy(MeasurementFormat.WriteLine).OrderBy(row => row.MeasuredAt, StringComparer.Ordinal).ToArray();
        var failures = journals.SelectMany(journal => journal.Failures).Distinct().OrderBy(failure => failure.MeasuredAt, StringComparer.Ordinal).ToArray();
        foreach (var row in rows)
        {
            (var line, chain) = JournalFormat.Write(row, chain);
            text.Append(line).Append('\n');
        }

        foreach (var failure in failures)
        {
            (var line, chain) = JournalFormat.Write(failure, chain);
            text.Append(line).Append('\n');
        }

        ProfileFolder.Prepare(folder, machine, clock);
        FileText.Write(ProfileFolder.JournalOf(folder), text.ToString(), "the merged profile");
        return Verify(terminal, folder);
    }
}
