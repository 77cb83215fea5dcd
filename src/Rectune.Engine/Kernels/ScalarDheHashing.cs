namespace Rectune.Engine.Kernels;

/// <summary>Hashing and encoding one number at a time, with plain divisions: few hashes, processors without vectors, and the twin that the vectors must equal bit for bit.</summary>
internal static unsafe class ScalarDheHashing
{
    public static void EncodeUniform(in HashRun run, int* ids, int count, float* target)
    {
        var last = (int)run.Range - 1;
        for (var id = ids; id < ids + count; id++)
        {
            for (var j = 0; j < run.Count; j++)
            {
                *target++ = (float)((2 * Hash(run, j, *id)) - last) / last;
            }
        }
    }

    public static void EncodeGaussian(in HashRun run, int* ids, int count, float* target)
    {
        for (var id = ids; id < ids + count; id++)
        {
            for (var j = 0; j < run.Count; j += 2)
            {
                var (cosine, sine) = BoxMuller<ScalarReals>.Pair(
                    new ScalarReals(Hash(run, j, *id) + 1), new ScalarReals(Hash(run, j + 1, *id) + 1), new ScalarReals(run.Range));
                *target++ = (float)cosine.Value;
                *target++ = (float)sine.Value;
            }
        }
    }

    private static int Hash(in HashRun run, int j, int id) => (int)((((ulong)run.Multipliers[j] * (ulong)id) + run.Addends[j]) % run.Prime % run.Range);
}
