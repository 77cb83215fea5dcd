namespace Rectune.Engine.Serving;

/// <summary>How a run ended, for what is told and learned of its path.</summary>
internal enum RunEnd
{
    Scored,
    Failed,

    /// <summary>Parts were left out, since another part of their query had failed: what it took says nothing of its path.</summary>
    PartlySkipped,
}
