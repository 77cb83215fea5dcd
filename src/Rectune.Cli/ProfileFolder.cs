using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Cli;

/// <summary>
/// Profiles on disk: a folder for a machine with <c>profile.json</c> and the journal <c>measurements.jsonl</c>, of any number of models. Where a profile is read, a journal alone
/// will do.
/// </summary>
internal static class ProfileFolder
{
    private const string JournalName = "measurements.jsonl";
    private const string DescriptionName = "profile.json";

    /// <summary>Where profiles of a machine lie unless said otherwise, below the working folder.</summary>
    public static string Default(Machine machine) => Path.Combine("profiles", machine.Id);

    public static string JournalOf(string folder) => Path.Combine(folder, JournalName);

    /// <summary>Whether there is a journal, or a folder with one.</summary>
    public static bool Holds(string profile) => File.Exists(Directory.Exists(profile) ? JournalOf(profile) : profile);

    /// <summary>Everything in a profile.</summary>
    public static Journal Read(string profile)
    {
        var journal = Directory.Exists(profile) ? JournalOf(profile) : profile;
        return JournalFormat.Read(FileText.Read(journal, "the profile"), journal);
    }

    /// <summary>The measurements of a profile.</summary>
    /// <param name="expected">The machine that they must belong to; null takes those of any.</param>
    public static IReadOnlyList<MeasurementRow> Rows(string profile, Machine? expected)
    {
        var rows = Read(profile).Rows;
        return expected is null || rows.All(row => row.Key.MachineFingerprint == expected.Fingerprint)
            ? rows
            : throw new InvalidInputException(
                $"--profile {profile}",
                $"found measurements of another machine ({Described(profile) ?? "fingerprint " + rows.First(row => row.Key.MachineFingerprint != expected.Fingerprint).Key.MachineFingerprint[..12]}), expected those of {expected.Id}",
                "add --offline to plan for that machine, or leave the profile out to measure this one");
    }

    /// <summary>The machine of the profiles that say one; null where none does.</summary>
    /// <exception cref="InvalidInputException">They are of several machines.</exception>
    public static Machine? MachineOf(IReadOnlyList<string> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        Machine[] machines = [.. profiles.Select(Description).OfType<Profile>().Select(profile => profile.Machine).DistinctBy(m => (m.Fingerprint, m.Runtime.MeasuringFingerprint()))];
        return machines.Length <= 1
            ? machines.FirstOrDefault()
            : throw new InvalidInputException(
                "--profile", $"found profiles of {machines.Length} machines, runtimes or ways of measuring: {string.Join(", ", machines.Select(m => $"{m.Id} ({m.Runtime.MeasuringFingerprint()})"))}", "plan from those of one");
    }

    /// <summary>Makes the folder where it is missing, and holds it to one machine; it is planned for offline with the runtime that measured last.</summary>
    public static void Prepare(string folder, Machine machine, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(clock);
        if (Description(folder) is { } found)
        {
            if (found.Machine.Fingerprint != machine.Fingerprint)
            {
                throw new InvalidInputException(folder, $"found a profile of {found.Machine.Id}, expected one of this machine, {machine.Id}", "choose another --out");
            }

            if (found.Machine.Runtime.MeasuringFingerprint() == machine.Runtime.MeasuringFingerprint())
            {
                return;
            }
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"The folder {folder} cannot be created: {e.Message}", "Choose a place that you may write to with --out.", e);
        }

        var profile = new Profile
        {
            Schema = Profile.SchemaName,
            Machine = machine,
            CreatedAt = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
        FileText.Write(Path.Combine(folder, DescriptionName), RecordText.Write(profile), "the profile's description");
    }

    /// <summary>Null where there is no such file: a journal alone.</summary>
    public static Profile? Description(string profile)
    {
        var file = Path.Combine(profile, DescriptionName);
        return File.Exists(file) ? RecordText.Read<Profile>(FileText.Read(file, "the profile's description"), file) : null;
    }

    private static string? Described(string profile) => Description(profile)?.Machine.Id;
}
