namespace Rectune.Engine.Kernels;

/// <summary>Walks the ids of a run that are read, in the order of reading: of a sequence, those that have a step.</summary>
internal unsafe struct BagCursor
{
    private int nextSample;
    private int* id;
    private int* end;

    /// <summary>False once all are walked.</summary>
    public bool Next(in BagRun run, out int value)
    {
        while (id == end)
        {
            if (nextSample == run.Samples)
            {
                value = 0;
                return false;
            }

            id = run.FirstId(nextSample);
            end = run.FirstId(++nextSample);
            if (run.Steps > 0 && end - id > run.Steps)
            {
                end = id + run.Steps;
            }
        }

        value = *id++;
        return true;
    }
}
