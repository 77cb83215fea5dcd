namespace Rectune.Engine.Serving;

/// <summary>What scores must be to be an answer.</summary>
internal static class ScoreCheck
{
    public static bool AreFinite(ReadOnlySpan<float> scores)
    {
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
            {
                return false;
            }
        }

        return true;
    }
}
