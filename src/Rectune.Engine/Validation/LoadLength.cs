namespace Rectune.Engine.Validation;

/// <summary>When load ends.</summary>
public enum LoadLength
{
    /// <summary>As soon as the verdict is certain; every look at the evidence spends some of the allowed error.</summary>
    UntilDecided,

    /// <summary>After the whole time, with a single look.</summary>
    Whole,
}
