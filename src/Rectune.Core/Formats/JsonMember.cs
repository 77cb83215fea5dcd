namespace Rectune.Core.Formats;

/// <summary>A member of a JSON object, with the offset of its name.</summary>
internal sealed record JsonMember(string Name, int Offset, JsonNode Value);
