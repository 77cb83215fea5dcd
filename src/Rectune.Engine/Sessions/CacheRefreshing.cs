namespace Rectune.Engine.Sessions;

/// <summary>That a cache of vectors follows what is asked for, and how.</summary>
/// <param name="Period">Between two looks at what was counted.</param>
/// <param name="Clock">By which the work is spread.</param>
/// <param name="OnFault">Hears why the cache stays as it is from then on.</param>
public sealed record CacheRefreshing(TimeSpan Period, TimeProvider Clock, Action<Exception> OnFault);
