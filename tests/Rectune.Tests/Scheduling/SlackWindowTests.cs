using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;
using Xunit;

namespace Rectune.Tests.Scheduling;

public sealed class SlackWindowTests
{
    [Fact]
    public void Least_RandomHistories_IsTheLeastOfThoseInside()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var random = SplitMix64.For(seed, 3);
            var window = new SlackWindow(50);
            var inside = new Queue<(double Key, long End)>();
            long end = 0;
            for (var step = 0; step < 300; step++)
            {
                if (inside.Count < 50 && (inside.Count == 0 || random.NextDouble() < 0.55))
                {
                    // Few values, so that equal ones meet.
                    var key = (double)random.NextInt64(20);
                    end += 1 + random.NextInt64(9);
                    inside.Enqueue((key, end));
                    window.Add(key, end);
                }
                else
                {
                    window.RemoveThrough(inside.Dequeue().End);
                }

                Assert.Equal(inside.Count == 0 ? double.PositiveInfinity : inside.Min(query => query.Key), window.Least);
            }
        }
    }
}
