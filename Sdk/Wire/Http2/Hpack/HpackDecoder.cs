using System.Buffers;
using System.Text;

namespace Plugwire.Wire.Http2.Hpack;

/// <summary>
/// Turns header blocks into headers (RFC 7541). One per connection and direction, fed with every block in the order in which
/// the blocks came, also those of streams that nobody wants any more: each may change the table. Not thread-safe.
/// </summary>
// The first byte of each part of a block tells what it is:
//
//      1iiiiiii   a header of a table
//      01iiiiii   literal, to be added to the dynamic table    iiiiii: where its name is, 0 when a string follows
//      001sssss   a new size of the dynamic table
//      0001iiii   literal, never to be kept by anyone
//      0000iiii   literal, not added
internal sealed class HpackDecoder
{
    /// <summary>The size of a dynamic table before any SETTINGS, in bytes.</summary>
    public const int DefaultTableSize = 4096;

    private readonly int _maxTableSize;
    private readonly int _maxHeaderListSize;
    private readonly DynamicTable _table;
    private readonly RecentStrings _recent = new();
    private readonly char[] _shortText = new char[256];

    /// <param name="maxDynamicTableSize">
    /// SETTINGS_HEADER_TABLE_SIZE as announced to the peer, in bytes. A larger one than the default begins at the default and
    /// grows when the peer says so; a smaller one counts at once, so the peer has to know it before its first block.
    /// </param>
    /// <param name="maxHeaderListSize">
    /// The most that the headers of one block may be together, in bytes as <see cref="HeaderField.Size"/> counts them.
    /// </param>
    public HpackDecoder(int maxDynamicTableSize, int maxHeaderListSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxHeaderListSize);
        _maxTableSize = maxDynamicTableSize;
        _maxHeaderListSize = maxHeaderListSize;
        _table = new DynamicTable(Math.Min(maxDynamicTableSize, DefaultTableSize));
    }

    /// <summary>The table as the blocks so far have left it.</summary>
    public DynamicTable Table => _table;

    /// <summary>
    /// Reads one whole block (HEADERS with all of its CONTINUATION) into a list, which is cleared first. A block whose headers
    /// are too large together is read to its end all the same, so that the table stays in step: see <see cref="HeaderList.IsTooLarge"/>.
    /// </summary>
    /// <exception cref="HpackException">The block breaks RFC 7541. The decoder must not be used again.</exception>
    public void Decode(ReadOnlySpan<byte> block, HeaderList headers)
    {
        headers.Clear();
        var position = 0;
        var headerSeen = false;
        while (position < block.Length)
        {
            var first = block[position];
            if ((first & 0xE0) == 0x20)
            {
                ReadSizeUpdate(block, ref position, headerSeen);
                continue;
            }

            headerSeen = true;
            if ((first & 0x80) != 0)
            {
                var start = position;
                headers.Add(Find(HpackInteger.Read(block, ref position, prefixBits: 7), start), _maxHeaderListSize);
            }
            else
            {
                headers.Add(ReadLiteral(block, ref position, first), _maxHeaderListSize);
            }
        }
    }

    // Several in a row are taken, though an encoder needs two at most: they do no harm, and each costs the peer a byte.
    private void ReadSizeUpdate(ReadOnlySpan<byte> block, ref int position, bool headerSeen)
    {
        var start = position;
        var size = HpackInteger.Read(block, ref position, prefixBits: 5);
        if (headerSeen)
        {
            throw new HpackException(
                $"The size of the dynamic table changes to {size} at byte {start} of the header block, behind a header; " +
                "it may change only at the block's start.");
        }

        if (size > _maxTableSize)
        {
            throw new HpackException(
                $"The size of the dynamic table changes to {size} at byte {start} of the header block; " +
                $"the most that was allowed is {_maxTableSize}.");
        }

        _table.Resize(size);
    }

    private HeaderField ReadLiteral(ReadOnlySpan<byte> block, ref int position, byte first)
    {
        var start = position;
        var isIndexed = (first & 0x40) != 0;
        var isSecret = (first & 0xF0) == 0x10;
        var nameIndex = HpackInteger.Read(block, ref position, isIndexed ? 6 : 4);
        var name = nameIndex == 0 ? ReadString(block, ref position, keep: true) : Find(nameIndex, start).Name;
        var field = new HeaderField(name, ReadString(block, ref position, keep: !isSecret));
        if (isIndexed) _table.Add(field);
        return field;
    }

    private HeaderField Find(int index, int start)
    {
        if (index == 0) throw new HpackException($"The header at byte {start} of the header block has index 0, which stands for none.");
        if (index <= StaticTable.Count) return StaticTable.Get(index);
        if (index - StaticTable.Count <= _table.Count) return _table[index - StaticTable.Count - 1];
        throw new HpackException(
            $"The header at byte {start} of the header block has index {index}, " +
            $"but there are only {StaticTable.Count} static and {_table.Count} dynamic ones.");
    }

    // keep: whether the string may stay among the recent ones. A secret leaves this decoder with its header.
    private string ReadString(ReadOnlySpan<byte> block, ref int position, bool keep)
    {
        var start = position;
        if (position == block.Length)
        {
            throw new HpackException($"The header block ends after {block.Length} bytes, where a string has to begin.");
        }

        var isHuffman = (block[position] & 0x80) != 0;
        var length = HpackInteger.Read(block, ref position, prefixBits: 7);
        if (length > block.Length - position)
        {
            throw new HpackException(
                $"The string at byte {start} of the header block is {length} bytes long, but only {block.Length - position} are left.");
        }

        var bytes = block.Slice(position, length);
        position += length;

        var maxChars = isHuffman ? Huffman.GetMaxDecodedLength(length) : length;
        if (maxChars <= _shortText.Length) return ReadText(bytes, isHuffman, _shortText, keep);

        var rented = ArrayPool<char>.Shared.Rent(maxChars);
        try
        {
            return ReadText(bytes, isHuffman, rented, keep);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private string ReadText(ReadOnlySpan<byte> bytes, bool isHuffman, char[] buffer, bool keep)
    {
        var length = isHuffman ? Huffman.Decode(bytes, buffer) : Encoding.Latin1.GetChars(bytes, buffer);
        var text = buffer.AsSpan(0, length);
        return keep ? _recent.Get(text) : new string(text);
    }
}
