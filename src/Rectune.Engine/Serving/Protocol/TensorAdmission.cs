namespace Rectune.Engine.Serving.Protocol;

/// <summary>Checks a tensor's name, datatype and shape, each against the card, before any of its data is read.</summary>
internal static class TensorAdmission
{
    /// <summary>
    /// The request's tensor with room for its elements, or null when its data is not to be read. A null is explained by a problem reported here,
    /// or by the batch that all tensors share and that is judged later.
    /// </summary>
    public static InputTensor? Admit(InferRequest request, in TensorHeader header)
    {
        var problems = request.Problems;
        if (header.Slot < 0)
        {
            problems.Add(header.UnknownName is null
                ? $"inputs[{header.Index}]: 'name' is missing or no string, expected {Names(request.Layout)}"
                : $"inputs[{header.Index}]: found the unknown tensor '{ProblemList.Quote(header.UnknownName)}', expected {Names(request.Layout)}");
            return null;
        }

        var tensor = request.Inputs[header.Slot];
        if (tensor.Given)
        {
            problems.Add($"{tensor.Slot.Name}: given twice");
            return null;
        }

        tensor.Given = true;
        tensor.Shape = header.Shape;
        tensor.Datatype = header.Datatype;
        var sound = CheckDatatype(tensor, in header, problems);
        sound &= CheckShape(tensor, in header, problems);
        if (!sound)
        {
            tensor.Faulty = true;
            return null;
        }

        var elements = tensor.IsUniform ? tensor.Shape.First * tensor.Slot.Width : tensor.Shape.First;
        if (elements > tensor.Slot.MaxElements)
        {
            return null;
        }

        tensor.Reserve((int)elements);
        return tensor;
    }

    private static bool CheckDatatype(InputTensor tensor, in TensorHeader header, ProblemList problems)
    {
        var expected = tensor.Slot.Role == InputRole.Dense ? "FP32" : "INT64 or INT32";
        if ((header.Seen & TensorHeader.Keys.Datatype) == TensorHeader.Keys.None)
        {
            problems.Add($"{tensor.Slot.Name}: 'datatype' is missing, expected {expected}");
            return false;
        }

        if (tensor.Slot.Accepts(header.Datatype))
        {
            return true;
        }

        var found = header.UnknownDatatype ?? TensorDatatypes.Text(header.Datatype);
        problems.Add($"{tensor.Slot.Name}: found datatype {ProblemList.Quote(found)}, expected {expected}");
        return false;
    }

    private static bool CheckShape(InputTensor tensor, in TensorHeader header, ProblemList problems)
    {
        var slot = tensor.Slot;
        var shape = header.Shape;
        if ((header.Seen & TensorHeader.Keys.Shape) == TensorHeader.Keys.None)
        {
            problems.Add($"{slot.Name}: 'shape' is missing, expected {slot.Expected("batch")}");
            return false;
        }

        if (!header.ShapeIsValid)
        {
            return false;
        }

        var matches = slot.Role switch
        {
            InputRole.Dense => shape.Rank == 2 && shape.Second == slot.Width && IsBatch(shape.First),
            InputRole.Ids => shape.Rank == 2 ? shape.Second == slot.Width && IsBatch(shape.First) : shape is { Rank: 1, First: >= 0 },
            _ => shape is { Rank: 1, First: >= 1 },
        };
        if (!matches)
        {
            problems.Add($"{slot.Name}: found shape {shape}, expected {slot.Expected("batch")}");
            return false;
        }

        if (slot.Role == InputRole.Ids && shape.Rank == 1 && shape.First > slot.MaxElements)
        {
            problems.Add($"{slot.Name}: found {shape.First} ids, expected at most {slot.MaxElements}");
            return false;
        }

        return true;
    }

    // The upper bound keeps a product with the width inside 64 bits; the served limit is checked once for all tensors.
    private static bool IsBatch(long samples) => samples is >= 0 and <= int.MaxValue;

    private static string Names(InputLayout layout)
    {
        var first = layout.Slots[0].Name;
        var last = layout.Slots[layout.FirstOffsets - 1].Name;
        return layout.FirstOffsets <= 1 ? $"'{first}'" : $"one of '{first}' to '{last}', as in the model's metadata";
    }
}
