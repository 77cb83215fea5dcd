using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>What a cache holds from one refresh to the next, and what is counted meanwhile.</summary>
/// <param name="Vectors">One table for each that the design can cache.</param>
/// <param name="Weights"><c>[tables][numbers]</c>: part of all lookups that an id is believed to get.</param>
/// <param name="Counters">One for each slot of each instance, in the order in which they joined.</param>
internal sealed record CacheVersion(HotVectors Vectors, float[][] Weights, AccessCounter[] Counters);
