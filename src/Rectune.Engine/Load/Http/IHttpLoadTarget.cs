using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>A server behind a socket as a target of load, whatever carries the queries.</summary>
public interface IHttpLoadTarget : IQueryTarget, IDisposable
{
    /// <summary>How queries travel: <c>http/1.1</c>, <c>h2c</c>, <c>http/1.1 over TLS</c> or <c>h2 over TLS</c>; null until the server has answered, where it may choose.</summary>
    string? Protocol { get; }

    /// <summary>What was seen since the last report.</summary>
    ClientReport TakeReport();
}
