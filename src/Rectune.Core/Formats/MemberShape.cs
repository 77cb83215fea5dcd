using System.Reflection;

namespace Rectune.Core.Formats;

/// <summary>One member of a record as it stands in a file.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Property">Where the value lives.</param>
/// <param name="Type">Type of the value, without <see cref="Nullable{T}"/>.</param>
/// <param name="Required">A file without it is refused.</param>
internal sealed record MemberShape(string Name, PropertyInfo Property, Type Type, bool Required);
