using System.Buffers;
using System.Text;

namespace Plugwire.Wire.Http2.Hpack;

/// <summary>
/// Writes headers as header blocks (RFC 7541). One per connection and direction; every block it wrote must be sent, whole and
/// in order, for the peer's table follows it. Not thread-safe.
/// </summary>
internal sealed class HpackEncoder
{
    private readonly EncoderTable _table = new();
    private bool _sizeChanged;
    private int _newSize;
    private int _smallestNewSize = int.MaxValue;

    /// <summary>The table as the blocks so far have left it.</summary>
    public DynamicTable Table => _table.Entries;

    /// <summary>
    /// Follows SETTINGS_HEADER_TABLE_SIZE of the peer, in bytes, up to <see cref="EncoderTable.LargestSize"/>. The next header
    /// written says so to the peer; so this must not be called between the headers of one block.
    /// </summary>
    public void SetMaxDynamicTableSize(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        _newSize = (int)Math.Min(size, EncoderTable.LargestSize);
        _smallestNewSize = Math.Min(_smallestNewSize, _newSize);
        _sizeChanged = true;
    }

    /// <summary>Writes one header. The first one of a block also announces what changed since the last block.</summary>
    /// <exception cref="ArgumentException">A char of name or value is above 0xFF and stands for no byte. Nothing was written.</exception>
    public void Encode(string name, string value, HeaderIndexing indexing, IBufferWriter<byte> output)
    {
        ThrowIfNotBytes(name, nameof(name));
        ThrowIfNotBytes(value, nameof(value));
        if (_sizeChanged) WriteSizeUpdates(output);

        var field = new HeaderField(name, value);
        var nameIndex = StaticTable.FindName(name);
        if (indexing != HeaderIndexing.NeverIndex)
        {
            var index = nameIndex == 0 ? 0 : StaticTable.FindValue(nameIndex, value);
            if (index == 0) index = FromDynamic(_table.Find(field));
            if (index != 0)
            {
                WriteInteger(output, flags: 0x80, prefixBits: 7, index);
                return;
            }
        }

        if (nameIndex == 0) nameIndex = FromDynamic(_table.FindName(name));

        // A header that would push out more than half of the table costs more in the blocks to come than it saves.
        if (indexing == HeaderIndexing.Index && field.Size <= Table.MaxSize / 2)
        {
            WriteLiteral(output, flags: 0x40, prefixBits: 6, nameIndex, field);
            _table.Add(field);
        }
        else
        {
            WriteLiteral(output, flags: indexing == HeaderIndexing.NeverIndex ? 0x10 : 0, prefixBits: 4, nameIndex, field);
        }
    }

    private static int FromDynamic(int index) => index < 0 ? 0 : index + StaticTable.Count + 1;

    // RFC 7541 section 4.2: when the size went down and up again, the lowest has to be said too, for the peer evicted down to it.
    private void WriteSizeUpdates(IBufferWriter<byte> output)
    {
        if (_smallestNewSize < Math.Min(Table.MaxSize, _newSize)) WriteSizeUpdate(output, _smallestNewSize);
        if (_newSize != Table.MaxSize) WriteSizeUpdate(output, _newSize);
        _sizeChanged = false;
        _smallestNewSize = int.MaxValue;
    }

    private void WriteSizeUpdate(IBufferWriter<byte> output, int size)
    {
        WriteInteger(output, flags: 0x20, prefixBits: 5, size);
        Table.Resize(size);
    }

    private static void WriteInteger(IBufferWriter<byte> output, int flags, int prefixBits, int value) =>
        output.Advance(HpackInteger.Write(output.GetSpan(HpackInteger.MaxBytes), flags, prefixBits, value));

    private static void WriteLiteral(IBufferWriter<byte> output, int flags, int prefixBits, int nameIndex, in HeaderField field)
    {
        // Never too short: a string is written in Huffman's code only if that makes it shorter.
        var span = output.GetSpan(3 * HpackInteger.MaxBytes + field.Name.Length + field.Value.Length);
        var written = HpackInteger.Write(span, flags, prefixBits, nameIndex);
        if (nameIndex == 0) written += WriteString(span[written..], field.Name);
        written += WriteString(span[written..], field.Value);
        output.Advance(written);
    }

    private static int WriteString(Span<byte> span, string text)
    {
        var length = Huffman.GetEncodedLength(text);
        if (length < text.Length)
        {
            var prefix = HpackInteger.Write(span, flags: 0x80, prefixBits: 7, length);
            return prefix + Huffman.Encode(text, span[prefix..]);
        }

        var start = HpackInteger.Write(span, flags: 0, prefixBits: 7, text.Length);
        return start + Encoding.Latin1.GetBytes(text, span[start..]);
    }

    private static void ThrowIfNotBytes(string text, string parameter)
    {
        var at = text.AsSpan().IndexOfAnyExceptInRange('\0', '\u00FF');
        if (at < 0) return;
        throw new ArgumentException(
            $"Char {at} of a header's {parameter} is U+{(int)text[at]:X4}; a header carries bytes, up to U+00FF.", parameter);
    }
}
