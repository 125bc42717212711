using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

/// <summary>A header list to be sent, pseudo-header fields first. Not changed any more once it has been submitted.</summary>
internal sealed class OutgoingHeaders
{
    private readonly List<Field> _fields;

    public OutgoingHeaders(int capacity = 8) => _fields = new List<Field>(capacity);

    /// <summary>The size as SETTINGS_MAX_HEADER_LIST_SIZE counts it.</summary>
    public int ListSize { get; private set; }

    /// <param name="name">In lower case.</param>
    /// <param name="value">Its characters are bytes: none above U+00FF.</param>
    /// <param name="indexing">Whether the field is likely to come again on this connection.</param>
    /// <exception cref="ArgumentException">A character of the value stands for no byte.</exception>
    public OutgoingHeaders Add(string name, string value, HeaderIndexing indexing = HeaderIndexing.DoNotIndex)
    {
        // Found out while the block is encoded, it would leave the two sides' tables out of step.
        if (value.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff'))
            throw new ArgumentException($"The value of the header field '{name}' has a character above U+00FF, which stands for no byte: '{value}'.", nameof(value));

        _fields.Add(new Field(name, value, indexing));
        ListSize += name.Length + value.Length + HeaderField.Overhead;
        return this;
    }

    public void Encode(HpackEncoder encoder, OutputBuffer output)
    {
        foreach (var field in _fields)
            encoder.Encode(field.Name, field.Value, field.Indexing, output);
    }

    private readonly record struct Field(string Name, string Value, HeaderIndexing Indexing);
}
