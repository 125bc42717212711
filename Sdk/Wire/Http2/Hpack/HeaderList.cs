using System.Diagnostics.CodeAnalysis;

namespace Plugwire.Wire.Http2.Hpack;

/// <summary>The headers of one decoded block. Made to be cleared and used again; not thread-safe.</summary>
internal sealed class HeaderList
{
    private HeaderField[] _fields = new HeaderField[16];
    private int _count;

    /// <summary>What was kept: all headers, or those before the limit was passed. Valid until the next change of the list.</summary>
    public ReadOnlySpan<HeaderField> Fields => _fields.AsSpan(0, _count);

    public int Count => _count;

    /// <summary>The size of all headers seen, also of those not kept, in bytes as <see cref="HeaderField.Size"/> counts them.</summary>
    public long Size { get; private set; }

    /// <summary>Whether <see cref="Size"/> passed the limit of the decoder. From there on nothing was kept.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>The first field of this name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        foreach (var field in Fields)
        {
            if (field.Name == name)
            {
                value = field.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>Counts a header, and keeps it if all of them together are no larger than <paramref name="maxSize"/> bytes.</summary>
    public void Add(in HeaderField field, int maxSize)
    {
        Size += field.Size;
        if (Size > maxSize)
        {
            IsTooLarge = true;
            return;
        }

        if (_count == _fields.Length) Array.Resize(ref _fields, _fields.Length * 2);
        _fields[_count++] = field;
    }

    /// <summary>Forgets everything, so that the list can be used for the next block.</summary>
    public void Clear()
    {
        Array.Clear(_fields, 0, _count);
        _count = 0;
        Size = 0;
        IsTooLarge = false;
    }
}
