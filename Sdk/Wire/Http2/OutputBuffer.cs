using System.Buffers;

namespace Plugwire.Wire.Http2;

/// <summary>Bytes on their way to the transport, in a pooled array that grows. Whoever holds it ends it with <see cref="Dispose"/>.</summary>
/// <param name="firstSize">How much room is taken with the first byte, where that is enough: of many that are kept each must take little.</param>
internal sealed class OutputBuffer(int firstSize = OutputBuffer.UsualSize) : IBufferWriter<byte>, IDisposable
{
    public const int UsualSize = 4 * 1024;

    private byte[] _array = [];

    public int Length { get; private set; }

    public int Capacity => _array.Length;

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _array.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _array.AsMemory(Length);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Length), nameof(count));
        Length += count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        EnsureRoom(bytes.Length);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>The bytes written from <paramref name="start"/> on, to be changed in place.</summary>
    public Span<byte> WrittenFrom(int start) => _array.AsSpan(start, Length - start);

    public void Clear() => Length = 0;

    public void Dispose()
    {
        Length = 0;
        var array = _array;
        _array = [];
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
    }

    private void EnsureRoom(int count)
    {
        if (_array.Length - Length >= count)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(firstSize, Math.Max(checked(Length + count), _array.Length * 2)));
        _array.AsSpan(0, Length).CopyTo(larger);
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
