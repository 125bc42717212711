namespace Plugwire.Contracts.Tests.Streaming;

/// <summary>Gives its bytes a few at a time, now at once and now later.</summary>
internal sealed class DrippingStream(byte[] bytes) : MemoryStream(bytes)
{
    private readonly Random _random = new(1);

    /// <summary>From which position on it fails; by default it does not.</summary>
    public int FailsAt { get; init; } = int.MaxValue;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= FailsAt)
            throw new IOException("The disk is gone.");
        if (_random.Next(2) == 0)
            await Task.Yield();
        return await base.ReadAsync(buffer[..Math.Min(buffer.Length, _random.Next(1, 40))], cancellationToken);
    }
}
