using System.Text;

namespace Plugwire.Hosting.Output;

/// <summary>The last bytes of a stream. Grows up to its capacity, as most plugins never write much. Safe for several threads.</summary>
internal sealed class TailBuffer(int capacity)
{
    private const int FirstSize = 1024;
    private const byte ContinuationMask = 0b1100_0000;
    private const byte Continuation = 0b1000_0000;

    private readonly Lock _gate = new();
    private byte[] _ring = [];
    private int _start;
    private int _length;
    private bool _hasLost;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;

        lock (_gate)
        {
            if (bytes.Length > capacity)
            {
                bytes = bytes[^capacity..];
                _hasLost = true;
            }

            Grow(_length + bytes.Length);
            var lost = Math.Max(0, _length + bytes.Length - _ring.Length);
            _hasLost |= lost > 0;
            if (lost > 0)
            {
                _start = (_start + lost) % _ring.Length;
                _length -= lost;
            }

            var at = (_start + _length) % _ring.Length;
            var first = Math.Min(bytes.Length, _ring.Length - at);
            bytes[..first].CopyTo(_ring.AsSpan(at));
            bytes[first..].CopyTo(_ring);
            _length += bytes.Length;
        }
    }

    /// <summary>The last of it as text, from the beginning of a line where there is one in the older half.</summary>
    public string GetText(int mostBytes)
    {
        byte[] bytes;
        bool cut;
        lock (_gate)
        {
            bytes = new byte[Math.Min(_length, mostBytes)];
            cut = _hasLost || bytes.Length < _length;
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = _ring[(_start + _length - bytes.Length + i) % _ring.Length];
        }

        ReadOnlySpan<byte> text = bytes;
        if (cut)
        {
            var lineBreak = text.IndexOf((byte)'\n');
            if (lineBreak >= 0 && lineBreak < text.Length / 2)
                text = text[(lineBreak + 1)..];
            while (!text.IsEmpty && (text[0] & ContinuationMask) == Continuation)
                text = text[1..];
        }

        return Encoding.UTF8.GetString(text);
    }

    private void Grow(int needed)
    {
        if (needed <= _ring.Length || _ring.Length == capacity)
            return;

        var size = Math.Max(FirstSize, _ring.Length);
        while (size < needed)
            size *= 2;
        var larger = new byte[Math.Min(size, capacity)];
        for (var i = 0; i < _length; i++)
            larger[i] = _ring[(_start + i) % _ring.Length];
        _ring = larger;
        _start = 0;
    }
}
