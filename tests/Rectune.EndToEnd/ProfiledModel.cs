using Xunit;

namespace Rectune.EndToEnd;

/// <summary>A profile made once, which tests copy.</summary>
public sealed class ProfiledModel : IDisposable
{
    internal static readonly string[] Arguments =
        ["profile", "--model", "small.json", "--space", "quick", "--set", "batch=1,64,256", "--budget", "4s", "--launches", "2", "--out", "p"];

    private readonly Rectune rectune = new();

    public ProfiledModel()
    {
        rectune.Write("small.json", SmallModel.Card());
        Result = rectune.Run([.. Arguments, "--json"]);
    }

    internal Rectune.Result Result { get; }

    public void Dispose() => rectune.Dispose();

    /// <summary>Copies the profile into the folder of another run.</summary>
    /// <param name="journal">False leaves the measurements out.</param>
    internal void CopyTo(Rectune other, bool journal = true)
    {
        Directory.CreateDirectory(other.PathOf("p"));
        foreach (var file in Directory.GetFiles(rectune.PathOf("p")).Where(file => journal || Path.GetExtension(file) == ".json"))
        {
            File.Copy(file, Path.Combine(other.PathOf("p"), Path.GetFileName(file)));
        }
    }
}

[CollectionDefinition(nameof(ProfiledModel), DisableParallelization = true)]
public sealed class ProfiledModelGroup : ICollectionFixture<ProfiledModel>;
