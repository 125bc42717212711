namespace Examples.Inspect.Walking.Linux;

/// <summary>Names that wait, last in first out, packed in one buffer: a directory of a million directories is kept here.</summary>
internal sealed class NameStack
{
    private byte[] _bytes = new byte[4096];

    /// <summary>The bytes in use: what is above an earlier value was pushed since.</summary>
    public int Mark { get; private set; }

    /// <summary>Pushes a name with its ending zero: at most 65,535 bytes.</summary>
    public void Push(ReadOnlySpan<byte> terminatedName)
    {
        var needed = Mark + terminatedName.Length + sizeof(ushort);
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        terminatedName.CopyTo(_bytes.AsSpan(Mark));
        BitConverter.TryWriteBytes(_bytes.AsSpan(Mark + terminatedName.Length), (ushort)terminatedName.Length);
        Mark = needed;
    }

    /// <summary>Pops the last name, with its ending zero; valid until the next push.</summary>
    public ReadOnlySpan<byte> Pop()
    {
        var length = BitConverter.ToUInt16(_bytes, Mark - sizeof(ushort));
        Mark -= length + sizeof(ushort);
        return _bytes.AsSpan(Mark, length);
    }

    public void CutTo(int mark) => Mark = mark;
}
