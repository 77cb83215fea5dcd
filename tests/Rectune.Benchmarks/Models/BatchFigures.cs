namespace Rectune.Benchmarks.Models;

/// <summary>What was measured of a model at one batch size.</summary>
/// <param name="Ours">One a form, in the order of <see cref="ModelForm.All"/>.</param>
/// <param name="Theirs">One a form of PyTorch's.</param>
internal sealed record BatchFigures(int Batch, IReadOnlyList<Entry> Ours, IReadOnlyList<Entry> Theirs)
{
    /// <summary>PyTorch's faster form.</summary>
    public Entry Opponent => Theirs.MinBy(entry => entry.MedianUs)!;

    /// <summary>Median over the rounds of a form's speed-up over PyTorch's faster form.</summary>
    public double SpeedUp(int form) => Report.Median(Ours[form].SpeedUps(Opponent));
}
