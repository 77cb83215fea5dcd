namespace Rectune.Core.Domain;

/// <summary>A plan was made for another machine or runtime. Exit code 12.</summary>
public sealed class StalePlanException(string what) : Exception(what);
