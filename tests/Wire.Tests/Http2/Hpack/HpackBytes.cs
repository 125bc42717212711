using System.Buffers;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Tests.Http2.Hpack;

/// <summary>Blocks as the RFC prints them: hex digits in groups.</summary>
internal static class HpackBytes
{
    public static byte[] Parse(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static string Format(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    public static HeaderField[] ParseHeaders(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseHeader)];

    // "name: value"; a pseudo header begins with a colon of its own.
    private static HeaderField ParseHeader(string line)
    {
        var colon = line.IndexOf(": ", 1, StringComparison.Ordinal);
        return new HeaderField(line[..colon], line[(colon + 2)..]);
    }

    public static HeaderField[] Entries(DynamicTable table)
    {
        var entries = new HeaderField[table.Count];
        for (var index = 0; index < entries.Length; index++) entries[index] = table[index];
        return entries;
    }

    public static byte[] Encode(this HpackEncoder encoder, HeaderIndexing indexing, params ReadOnlySpan<HeaderField> fields)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var field in fields) encoder.Encode(field.Name, field.Value, indexing, output);
        return output.WrittenSpan.ToArray();
    }

    public static HeaderField[] Decode(this HpackDecoder decoder, string hex)
    {
        var headers = new HeaderList();
        decoder.Decode(Parse(hex), headers);
        return headers.Fields.ToArray();
    }
}
