namespace Rectune.Core.Models;

/// <summary>How the hashes of an id become real numbers (Kang et al., KDD 2021).</summary>
public enum DheEncoding
{
    /// <summary>2·h / (m − 1) − 1: the whole numbers from 0 to m − 1 onto [−1, 1].</summary>
    Uniform,

    /// <summary>
    /// Box–Muller on neighbouring hashes: with u = (h + 1) / m, the even column is √(−2 ln u₁) · cos 2πu₂ and the odd one √(−2 ln u₁) · sin 2πu₂,
    /// u₁ from the even hash and u₂ from the odd one.
    /// </summary>
    Gaussian,
}
