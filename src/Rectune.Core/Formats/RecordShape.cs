using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Rectune.Core.Formats;

/// <summary>The members of a record type in the order of their declaration, which is the order in files.</summary>
internal sealed class RecordShape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Known = new();

    private RecordShape(Type type)
    {
        Type = type;
        Members =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.SetMethod is not null)
                .OrderBy(p => p.MetadataToken)
                .Select(p => new MemberShape(
                    JsonNames.Member(p.Name),
                    p,
                    Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType,
                    p.IsDefined(typeof(RequiredMemberAttribute)))),
        ];
        ByName = Members.ToDictionary(m => m.Name, StringComparer.Ordinal);
    }

    public Type Type { get; }

    public IReadOnlyList<MemberShape> Members { get; }

    public IReadOnlyDictionary<string, MemberShape> ByName { get; }

    public static RecordShape Of(Type type) => Known.GetOrAdd(type, t => new RecordShape(t));

    /// <summary>Type of the items when <paramref name="type"/> is a list.</summary>
    public static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    public static bool IsMap(Type type) => type == typeof(IReadOnlyDictionary<string, string>);

    /// <summary>The text that a record's <c>schema</c> member must hold, where the type declares one.</summary>
    public static string? SchemaName(Type type) => type.GetField("SchemaName")?.GetRawConstantValue() as string;
}
