using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>Another path of the plan's frontier beside the chosen one.</summary>
/// <param name="Path">As the plan has it.</param>
/// <param name="MemoryBytes">More (or, below 0, less) memory than the chosen path takes.</param>
/// <param name="Gain">Change of the promise over the chosen path's predicted one.</param>
/// <param name="WithinNoise">Whether the two promises are not told apart.</param>
public sealed record Alternative(FrontierEntry Path, long MemoryBytes, double Gain, bool WithinNoise);
