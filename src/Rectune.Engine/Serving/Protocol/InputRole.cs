namespace Rectune.Engine.Serving.Protocol;

/// <summary>What an input tensor carries.</summary>
public enum InputRole
{
    /// <summary><c>[batch, dense features]</c>.</summary>
    Dense,

    /// <summary>Ids of one sparse feature: <c>[batch, k]</c>, or <c>[n]</c> beside its offsets.</summary>
    Ids,

    /// <summary><c>[batch + 1]</c> bounds of one sparse feature's bags.</summary>
    Offsets,
}
