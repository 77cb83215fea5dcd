namespace Rectune.Engine.Load.Http;

/// <summary>One request, written in advance.</summary>
/// <param name="Message">Head and body of HTTP/1.1.</param>
/// <param name="BodyAt">Where in it the body begins.</param>
/// <param name="JsonBytes">Length of the body's JSON part where raw tensors follow it; null where all is JSON.</param>
internal sealed record PreparedRequest(byte[] Message, int BodyAt, int? JsonBytes)
{
    public ReadOnlyMemory<byte> Body => Message.AsMemory(BodyAt);
}
