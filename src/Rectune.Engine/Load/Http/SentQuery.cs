using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>A query on its way.</summary>
/// <param name="Message">The complete request.</param>
/// <param name="Observer">Who hears how it ended; null in the default value alone.</param>
/// <param name="SubmittedAt">Timestamp of its submission.</param>
internal readonly record struct SentQuery(byte[] Message, IQueryObserver Observer, long Tag, long SubmittedAt)
{
    public bool IsNone => Observer is null;
}
