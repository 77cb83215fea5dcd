using System.Globalization;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>Checks what no tensor can say alone: one batch for all, none missing, bags that fit their ids. Accepts the request if so.</summary>
internal sealed class BatchAgreement(InferRequest request)
{
    private long batch;
    private string batchSource = "";

    public void Check()
    {
        FindBatch();
        if (batch >= 0 && (batch == 0 || batch > request.Layout.MaxSamples))
        {
            request.Problems.Add($"batch: found {batch} samples in '{batchSource}', expected 1 to {request.Layout.MaxSamples}");
        }

        var said = batch < 0 ? "batch" : batch.ToString(CultureInfo.InvariantCulture);
        CheckBatches();
        CheckMissing(said);
        for (var f = 0; f < request.Layout.Card.Sparse.Count; f++)
        {
            if (request.Layout.Card.Sparse[f].Ids is not null)
            {
                continue;
            }

            CheckBags(request.Inputs[request.Layout.IdsOf(f)], request.Inputs[request.Layout.OffsetsOf(f)], said);
        }

        if (request.Problems.Count == 0)
        {
            CheckSequences();
        }

        if (request.Problems.Count == 0)
        {
            request.Accept((int)batch);
        }
    }

    /// <summary>Samples by the tensor's own shape; −1 when it does not say.</summary>
    private static long SamplesOf(InputTensor tensor) =>
        !tensor.Given || tensor.Shape.Rank == 0 ? -1
        : tensor.IsUniform ? tensor.Shape.First
        : tensor.Slot.Role == InputRole.Offsets ? tensor.Shape.First - 1
        : -1;

    /// <summary>The first sound tensor decides, in the layout's order.</summary>
    private void FindBatch()
    {
        batch = -1;
        batchSource = "";
        foreach (var tensor in request.Inputs)
        {
            if (!tensor.Faulty && SamplesOf(tensor) is >= 0 and var samples)
            {
                batch = samples;
                batchSource = tensor.Slot.Name;
                return;
            }
        }
    }

    private void CheckBatches()
    {
        foreach (var tensor in request.Inputs)
        {
            if (!tensor.Faulty && SamplesOf(tensor) is >= 0 and var samples && samples != batch)
            {
                tensor.Faulty = true;
                request.Problems.Add($"{tensor.Slot.Name}: found shape {tensor.Shape} of {samples} samples, expected {batch} as in '{batchSource}'");
            }
        }
    }

    private void CheckMissing(string said)
    {
        for (var i = 0; i < request.Layout.FirstOffsets; i++)
        {
            var tensor = request.Inputs[i];
            if (!tensor.Given)
            {
                request.Problems.Add($"{tensor.Slot.Name}: missing, expected {tensor.Slot.Expected(said)}");
            }
        }
    }

    private void CheckBags(InputTensor ids, InputTensor offsets, string said)
    {
        if (!ids.Given || ids.Faulty || offsets.Faulty)
        {
            return;
        }

        if (ids.IsUniform)
        {
            if (offsets.Given)
            {
                request.Problems.Add($"{offsets.Slot.Name}: found beside '{ids.Slot.Name}' {ids.Shape}, expected only beside '{ids.Slot.Name}' [n]");
            }
        }
        else if (!offsets.Given)
        {
            request.Problems.Add($"{ids.Slot.Name}: found shape {ids.Shape} without '{offsets.Slot.Name}', expected {ids.Slot.Expected(said)}");
        }
        else if (batch <= request.Layout.MaxSamples)
        {
            CheckOffsets(offsets.Integers.AsSpan(0, offsets.Expected), ids, offsets.Slot.Name);
        }
    }

    /// <summary>Sequences run in step: the number of steps is taken from the first of them.</summary>
    private void CheckSequences()
    {
        var sequences = request.Layout.Sequences;
        for (var i = 1; i < sequences.Count; i++)
        {
            var first = request.OffsetsOf(sequences[0]);
            var other = request.OffsetsOf(sequences[i]);
            for (var s = 0; s < batch && !ReferenceEquals(first, other); s++)
            {
                var (expected, found) = (first[s + 1] - first[s], other[s + 1] - other[s]);
                if (found != expected)
                {
                    var card = request.Layout.Card;
                    request.Problems.Add(
                        $"{card.Sparse[sequences[i]].Name}: found {found} ids in sample {s}, expected {expected} as in '{card.Sparse[sequences[0]].Name}': sequences run in step");
                    break;
                }
            }
        }
    }

    private void CheckOffsets(ReadOnlySpan<int> offsets, InputTensor ids, string name)
    {
        if (offsets[0] != 0)
        {
            request.Problems.Add($"{name}[0]: found {offsets[0]}, expected 0");
            return;
        }

        var largest = ids.Slot.Width;
        for (var s = 1; s < offsets.Length; s++)
        {
            var bag = (long)offsets[s] - offsets[s - 1];
            if (bag < 0)
            {
                request.Problems.Add($"{name}[{s}]: found {offsets[s]} after {offsets[s - 1]}, expected no decrease");
                return;
            }

            if (bag > largest)
            {
                request.Problems.Add($"{name}[{s}]: found a bag of {bag} ids, expected at most {largest}, the lookups in the card");
                return;
            }
        }

        if (offsets[^1] != ids.Expected)
        {
            request.Problems.Add($"{name}[{offsets.Length - 1}]: found {offsets[^1]}, expected {ids.Expected}, the ids in '{ids.Slot.Name}'");
        }
    }
}
