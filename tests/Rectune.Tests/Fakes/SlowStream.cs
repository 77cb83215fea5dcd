namespace Rectune.Tests.Fakes;

/// <summary>Gives a few bytes at a time, as a slow disk or pipe may.</summary>
internal sealed class SlowStream(byte[] bytes, int most) : MemoryStream(bytes)
{
    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
}
