using System.Text.RegularExpressions;
using Xunit;

namespace Rectune.Tests.House;

/// <summary>A scan of using lines and qualified names: a lint, not a proof.</summary>
public sealed partial class FloorsTests
{
    [Fact]
    public void Room_UsesOnlyLowerFloors()
    {
        var broken = new List<string>();
        foreach (var (file, room, used) in Edges())
        {
            if (Floors.OfRoom[used] >= Floors.OfRoom[room])
            {
                broken.Add($"{file}: {room} (floor {Floors.OfRoom[room]}) uses {used} (floor {Floors.OfRoom[used]})");
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void ForbiddenEdges_DoNotExist()
    {
        var broken = Edges()
            .SelectMany(edge => Floors.Forbidden.Where(f => f.From == edge.Room && f.To == edge.Used).Select(f => $"{edge.File}: {f.From} uses {f.To}: {f.Why}"));
        Assert.Empty(broken);
    }

    [Fact]
    public void Folder_EachHasAFloorAndAReadme()
    {
        foreach (var project in new[] { "Rectune.Core", "Rectune.Engine" })
        {
            foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", project)))
            {
                var name = Path.GetFileName(folder);
                if (name is "obj" or "bin")
                {
                    continue;
                }

                Assert.True(Floors.OfRoom.ContainsKey($"{project}.{name}"), $"{project}/{name} has no floor");
                var readme = Path.Combine(folder, "README.md");
                Assert.True(File.Exists(readme), $"{project}/{name} has no README.md");
                Assert.InRange(File.ReadAllLines(readme).Length, 1, 20);
                Assert.EndsWith($"(floor {Floors.OfRoom[$"{project}.{name}"]})", File.ReadAllLines(readme)[0], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Floors_EachNamesAFolder()
    {
        foreach (var room in Floors.OfRoom.Keys)
        {
            var parts = room.Split('.');
            var folder = parts.Length == 3
                ? Path.Combine(Repository.Root, "src", $"{parts[0]}.{parts[1]}", parts[2])
                : Path.Combine(Repository.Root, "src", room);
            Assert.True(Directory.Exists(folder), $"{room} has a floor but no folder");
        }
    }

    [Fact]
    public void Edges_AreFound()
    {
        // The scan itself must see something, or the tests above could not fail.
        Assert.Contains(Edges(), edge => edge is { Room: "Rectune.Core.Planning", Used: "Rectune.Core.Domain" });
    }

    [GeneratedRegex(@"\bRectune\.(Core|Engine)\.[A-Z][A-Za-z]+|\bRectune\.Cli(?=;|\.[A-Z])")]
    private static partial Regex RoomName();

    private static IEnumerable<(string File, string Room, string Used)> Edges()
    {
        foreach (var file in Repository.Sources("src/Rectune.Core", "src/Rectune.Engine", "src/Rectune.Cli"))
        {
            var relative = Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file);
            var parts = relative.Split(Path.DirectorySeparatorChar);
            var room = parts[0] == "Rectune.Cli" ? "Rectune.Cli" : $"{parts[0]}.{parts[1]}";
            if (!Floors.OfRoom.ContainsKey(room))
            {
                continue;
            }

            foreach (var used in RoomName().Matches(File.ReadAllText(file)).Select(match => match.Value).Distinct())
            {
                if (used != room && Floors.OfRoom.ContainsKey(used))
                {
                    yield return (relative, room, used);
                }
            }
        }
    }
}
