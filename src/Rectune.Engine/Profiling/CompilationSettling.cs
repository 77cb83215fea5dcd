using System.Runtime;

namespace Rectune.Engine.Profiling;

/// <summary>
/// Runs that are not recorded, until the runtime compiles nothing more: code that is run often is compiled again, better, on a thread of its own, which takes the cores of whatever is measured meanwhile.
/// </summary>
internal static class CompilationSettling
{
    /// <summary>Rounds in a row without anything compiled: between two levels of code nothing is for a moment.</summary>
    private const int QuietRounds = 2;

    /// <param name="round">Runs everything that will be measured for a moment.</param>
    /// <param name="atMost">When to give up: measuring beside the compiler is better than not measuring.</param>
    /// <returns>Rounds that were run.</returns>
    public static int Await(Action round, TimeSpan atMost, TimeProvider clock) => Await(round, () => JitInfo.GetCompiledMethodCount(), atMost, clock);

    /// <param name="compiled">Methods compiled so far.</param>
    internal static int Await(Action round, Func<long> compiled, TimeSpan atMost, TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        var (rounds, quiet, before) = (0, 0, compiled());
        while (quiet < QuietRounds && clock.GetElapsedTime(start) < atMost)
        {
            round();
            rounds++;
            var now = compiled();
            (quiet, before) = (now == before ? quiet + 1 : 0, now);
        }

        return rounds;
    }
}
