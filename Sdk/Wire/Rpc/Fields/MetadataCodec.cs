using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Rpc.Fields;

/// <summary>A call's metadata as header fields and back: text as it is, -bin values in base64.</summary>
internal static class MetadataCodec
{
    private static readonly SearchValues<char> ValueCharacters =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    // What a name of metadata consists of, after the grammar of PROTOCOL-HTTP2. HTTP allows more.
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>Appends the entries, but those of the protocol's own names, which a user's metadata cannot set.</summary>
    /// <returns>What cannot be sent, as a sentence; null when all was appended.</returns>
    public static string? Write(Metadata? metadata, OutgoingHeaders headers)
    {
        if (metadata is null)
            return null;

        foreach (var entry in metadata)
        {
            if (FieldNames.IsReserved(entry.Key) || entry.Key == FieldNames.EncodingRequest)
                continue;

            if (!entry.IsBinary && entry.Value.AsSpan().ContainsAnyExcept(ValueCharacters))
                return $"The value of the metadata '{entry.Key}' has characters other than printable ASCII; a name that ends in '-bin' carries bytes.";

            // Peers accept values without padding and are asked to send them so.
            var value = entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;
            headers.Add(entry.Key, value, entry.Key is "authorization" or "cookie" ? HeaderIndexing.NeverIndex : HeaderIndexing.DoNotIndex);
        }

        return null;
    }

    /// <summary>The entries of a header list that are the call's metadata; none when there are none.</summary>
    /// <param name="headers">What was received.</param>
    /// <param name="metadata">What was found.</param>
    /// <param name="violation">What cannot be read, as a sentence.</param>
    public static bool TryRead(HeaderList headers, [NotNullWhen(true)] out Metadata? metadata, [NotNullWhen(false)] out string? violation)
    {
        metadata = new Metadata();
        violation = null;
        foreach (var field in headers.Fields)
        {
            // A field of another name may be there for others, as HTTP allows, and cannot be metadata.
            if (FieldNames.IsReserved(field.Name) || field.Name.AsSpan().ContainsAnyExcept(NameCharacters))
                continue;

            if (!field.Name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
            {
                metadata.Add(field.Name, field.Value);
                continue;
            }

            // RFC 9110 section 5.3: fields of one name may have been joined by commas.
            foreach (var part in field.Value.Split(',', StringSplitOptions.TrimEntries))
            {
                if (!TryDecode(part, out var value))
                {
                    violation = $"The value of the metadata '{field.Name}' is not base64.";
                    metadata = null;
                    return false;
                }

                metadata.Add(field.Name, value);
            }
        }

        return true;
    }

    private static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? value)
    {
        var padded = (text.Length % 4) switch { 2 => text + "==", 3 => text + "=", _ => text };
        value = Base64.IsValid(padded) ? Convert.FromBase64String(padded) : null;
        return value is not null;
    }
}
