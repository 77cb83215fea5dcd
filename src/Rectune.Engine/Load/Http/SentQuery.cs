using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>A query on its way.</summary>
/// <param name="Request">What is sent.</param>
/// <param name="Observer">Who hears how it ended; null in the default value alone.</param>
/// <param name="SubmittedAt">Timestamp of its submission.</param>
internal readonly record struct SentQuery(PreparedRequest Request, IQueryObserver Observer, long Tag, long SubmittedAt)
{
    public bool IsNone => Observer is null;
}
