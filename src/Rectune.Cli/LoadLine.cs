using Rectune.Engine.Validation;

namespace Rectune.Cli;

/// <summary>Where live load stands.</summary>
internal sealed class LoadLine(Terminal terminal) : IProgress<ValidationProgress>
{
    public void Report(ValidationProgress value) => terminal.Progress(FormattableString.Invariant(
        $"{100.0 * value.Done / value.Replications,3:F0} %  live load at {value.Qps:F0} queries/s, about {value.RemainingSeconds:F0} s left"));
}
