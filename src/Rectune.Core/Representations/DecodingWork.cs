namespace Rectune.Core.Representations;

/// <summary>What hashing and decoding the ids of one sample takes.</summary>
/// <param name="HashOperations">Arithmetic operations of hashing.</param>
/// <param name="Flops">Floating-point operations of decoders.</param>
/// <param name="Values">Elements that are written between looking up or hashing and the vectors.</param>
public readonly record struct DecodingWork(double HashOperations, double Flops, double Values);
