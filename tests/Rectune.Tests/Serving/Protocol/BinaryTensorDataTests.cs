using System.Numerics;
using Rectune.Engine.Serving.Protocol;
using Xunit;

namespace Rectune.Tests.Serving.Protocol;

public sealed class BinaryTensorDataTests
{
    private const long Limit = 1000;

    [Fact]
    public void TryRead_EveryLengthAndPosition_TakesIdsInsideTheTableAndFindsEachThatIsNot()
    {
        for (var count = 0; count <= (3 * Vector<uint>.Count) + 1; count++)
        {
            long[] ids = [.. Enumerable.Range(0, count).Select(i => Limit - 1 - (7L * i))];
            var tensor = Ids(count);

            Assert.True(BinaryTensorData.TryRead(SmallRequests.Longs(ids), tensor));
            Assert.Equal(ids, tensor.Integers[..count].Select(id => (long)id));
            for (var at = 0; at < count; at++)
            {
                foreach (var bad in (long[])[Limit, -1, 1L << 32, (1L << 32) + 1, long.MinValue, long.MaxValue])
                {
                    long[] changed = [.. ids[..at], bad, .. ids[(at + 1)..]];

                    Assert.False(BinaryTensorData.TryRead(SmallRequests.Longs(changed), tensor), $"{bad} at {at} of {count}");
                }
            }
        }
    }

    private static InputTensor Ids(int count)
    {
        var tensor = new InputTensor(new InputSlot { Name = "A", Role = InputRole.Ids, Feature = 0, Width = 1, Limit = Limit, MaxElements = 1000 }) { Datatype = TensorDatatype.Int64 };
        tensor.Reserve(count);
        return tensor;
    }
}
