namespace Examples.Inspect.Walking.Linux;

/// <summary>The path of the directory a walk is in: it grows and shrinks at its end.</summary>
internal sealed class PathBuffer
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> part)
    {
        if (Length + part.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(Length + part.Length, _bytes.Length * 2));
        part.CopyTo(_bytes.AsSpan(Length));
        Length += part.Length;
    }

    public void CutTo(int length) => Length = length;

    /// <summary>A path of its own: this one with a name behind it.</summary>
    public byte[] With(ReadOnlySpan<byte> name)
    {
        var path = new byte[Length + name.Length];
        Bytes.CopyTo(path);
        name.CopyTo(path.AsSpan(Length));
        return path;
    }
}
