namespace Rectune.Engine.Kernels;

/// <summary>Scale and bias of a coded row: value = scale · code + bias.</summary>
internal readonly record struct RowScale(float Scale, float Bias);
