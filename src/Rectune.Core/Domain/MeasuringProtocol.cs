namespace Rectune.Core.Domain;

/// <summary>
/// The way in which paths are measured, as a number: raised whenever the same path on the same machine would be measured to take another time than before, so that kept measurements are recognised as those
/// of another way and taken again, not mixed with new ones.
/// </summary>
public static class MeasuringProtocol
{
    /// <summary>
    /// 2: nothing of the program runs beside what is measured. Whoever waits sleeps, code is compiled before, and runs that touch their memory for the first time are discarded. 1 (which files do not
    /// state): waiting threads yielded, and so took cores from measured runs, and code was compiled beside them.
    /// </summary>
    public const int Current = 2;
}
