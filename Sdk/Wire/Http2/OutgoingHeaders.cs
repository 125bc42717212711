using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

/// <summary>A header list to be sent, pseudo-header fields first. Not changed any more once it has been submitted.</summary>
internal sealed class OutgoingHeaders
{
    // RFC 9113 section 6.5.2: what a field counts for beside its name and value.
    private const int FieldOverhead = 32;

    private readonly List<Field> _fields;

    public OutgoingHeaders(int capacity = 8) => _fields = new List<Field>(capacity);

    /// <summary>The size as SETTINGS_MAX_HEADER_LIST_SIZE counts it.</summary>
    public int ListSize { get; private set; }

    /// <param name="name">In lower case.</param>
    /// <param name="value">Its characters are bytes: none above U+00FF.</param>
    /// <param name="indexing">Whether the field is likely to come again on this connection.</param>
    public OutgoingHeaders Add(string name, string value, HeaderIndexing indexing = HeaderIndexing.DoNotIndex)
    {
        _fields.Add(new Field(name, value, indexing));
        ListSize += name.Length + value.Length + FieldOverhead;
        return this;
    }

    public void Encode(HpackEncoder encoder, OutputBuffer output)
    {
        foreach (var field in _fields)
            encoder.Encode(field.Name, field.Value, field.Indexing, output);
    }

    private readonly record struct Field(string Name, string Value, HeaderIndexing Indexing);
}
