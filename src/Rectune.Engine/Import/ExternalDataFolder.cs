using Microsoft.Win32.SafeHandles;
using Rectune.Core.Domain;
using Rectune.Core.Onnx;

namespace Rectune.Engine.Import;

/// <summary>The files beside an ONNX file in which it keeps tensors. Reading is safe from any number of threads.</summary>
internal sealed class ExternalDataFolder : IDisposable
{
    private readonly string folder;
    private readonly string fileName;
    private readonly Dictionary<string, SafeFileHandle> files = new(StringComparer.Ordinal);

    /// <param name="path">The ONNX file; only its folder and what lies below may be read.</param>
    public ExternalDataFolder(string path)
    {
        fileName = path;
        folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetPathRoot(Path.GetFullPath(path))!;
    }

    /// <summary>Full paths of the files opened so far, in the order of their names.</summary>
    public IReadOnlyList<string> Paths => [.. files.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Opens the tensor's file and checks that all of the tensor lies in it; no contents are read.</summary>
    /// <exception cref="MissingResourceException">There is no such file, or it may not be read.</exception>
    /// <exception cref="InvalidInputException">The file is outside the folder, or too short.</exception>
    public ExternalPlace Open(ExternalTensor tensor, string tensorName)
    {
        var path = Path.GetFullPath(Path.Combine(folder, tensor.Location));
        if (Path.IsPathRooted(tensor.Location) || !path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InvalidInputException(
                fileName, $"found tensor '{tensorName}' kept in '{tensor.Location}', expected a file inside the model's own folder", "export the model again, with its data beside it");
        }

        if (!files.TryGetValue(path, out var file))
        {
            files[path] = file = OpenFile(path, tensorName);
        }

        var length = RandomAccess.GetLength(file);
        return tensor.Offset <= length - tensor.Bytes
            ? new ExternalPlace(file, tensor.Offset)
            : throw new InvalidInputException(
                fileName,
                $"found tensor '{tensorName}' at bytes {tensor.Offset} to {(Int128)tensor.Offset + tensor.Bytes} of '{tensor.Location}', expected it within the file's {length} bytes",
                "copy both files again");
    }

    public void Dispose()
    {
        foreach (var file in files.Values)
        {
            file.Dispose();
        }
    }

    private SafeFileHandle OpenFile(string path, string tensorName)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.RandomAccess);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException(
                $"The file '{path}', in which {fileName} keeps tensor '{tensorName}', cannot be read: {refused.Message}",
                "Put it beside the model.",
                refused);
        }
    }
}
