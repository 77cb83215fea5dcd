namespace Rectune.Core.Representations;

/// <summary>What decoding one id takes.</summary>
/// <param name="Parameters">Elements.</param>
/// <param name="Flops">In layers and products.</param>
/// <param name="Values">Elements that its operators write.</param>
/// <param name="Operators">Number of them, however many ids are decoded together.</param>
public readonly record struct DecoderCost(long Parameters, long Flops, long Values, int Operators);
