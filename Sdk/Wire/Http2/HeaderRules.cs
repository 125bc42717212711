using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

/// <summary>What makes a header list malformed (RFC 9113 sections 8.1.1, 8.2, 8.3 and 8.5).</summary>
internal static class HeaderRules
{
    /// <summary>What is wrong, as a sentence; null when nothing is.</summary>
    public static string? FindViolation(HeaderList headers, HeaderKind kind)
    {
        // Of a list over the limit only a part was kept; who takes it refuses it for its size.
        if (headers.IsTooLarge)
            return null;

        var pseudo = PseudoFields.None;
        var regularSeen = false;
        var lengthSeen = false;
        foreach (var (name, value) in headers.Fields)
        {
            if (name.StartsWith(':'))
            {
                var field = Parse(name, kind);
                if (field == PseudoFields.None)
                    return $"The pseudo-header field '{name}' does not belong in a {kind} header list.";
                if (regularSeen)
                    return $"The pseudo-header field '{name}' came after a regular field.";
                if ((pseudo & field) != 0)
                    return $"The pseudo-header field '{name}' came twice.";
                if (HasControlCharacter(value) || !IsAllowed(field, value))
                    return $"The pseudo-header field '{name}' has a value that is not allowed.";
                pseudo |= field;
                continue;
            }

            regularSeen = true;
            if (FindViolation(name, value) is { } violation)
                return violation;
            if (kind != HeaderKind.Trailers && ContentLength.FindViolation(name, value, ref lengthSeen) is { } wrongLength)
                return wrongLength;
        }

        var required = kind switch
        {
            HeaderKind.Request => PseudoFields.Method | PseudoFields.Scheme | PseudoFields.Path,
            HeaderKind.Response => PseudoFields.Status,
            _ => PseudoFields.None,
        };
        return (pseudo & required) == required ? null : $"A {kind} header list lacks a pseudo-header field: {required & ~pseudo}.";
    }

    /// <summary>Whether this is an interim response, 1xx.</summary>
    public static bool IsInformational(HeaderList headers) =>
        headers.TryGet(":status", out var status) && status.Length == 3 && status[0] == '1';

    private static string? FindViolation(string name, string value)
    {
        if (name.Length == 0)
            return "A field has an empty name.";
        foreach (var c in name)
        {
            if (c is <= ' ' or (>= 'A' and <= 'Z') or >= (char)0x7f or ':')
                return $"The field name '{name}' has a character that is not allowed, or upper case.";
        }

        if (HasControlCharacter(value))
            return $"The value of the field '{name}' has a control character.";
        if (name is "connection" or "proxy-connection" or "keep-alive" or "transfer-encoding" or "upgrade" || (name == "te" && value != "trailers"))
            return $"The field '{name}: {value}' speaks of a connection of HTTP/1.1 and does not belong in HTTP/2.";
        return null;
    }

    // A CONNECT asks for a tunnel (section 8.5), and here is nothing to open one to. A status has three digits.
    private static bool IsAllowed(PseudoFields field, string value) => field switch
    {
        PseudoFields.Path => value.Length > 0,
        PseudoFields.Method => value != "CONNECT",
        PseudoFields.Status => value.Length == 3 && !value.AsSpan().ContainsAnyExceptInRange('0', '9'),
        _ => true,
    };

    // White space around a value is let pass, though RFC 9113 section 8.2.1 forbids it: gRPC peers send it, and a call has to survive that.
    private static bool HasControlCharacter(string value) => value.AsSpan().ContainsAny('\0', '\r', '\n');

    private static PseudoFields Parse(string name, HeaderKind kind) => (kind, name) switch
    {
        (HeaderKind.Request, ":method") => PseudoFields.Method,
        (HeaderKind.Request, ":scheme") => PseudoFields.Scheme,
        (HeaderKind.Request, ":authority") => PseudoFields.Authority,
        (HeaderKind.Request, ":path") => PseudoFields.Path,
        (HeaderKind.Response, ":status") => PseudoFields.Status,
        _ => PseudoFields.None,
    };

    [Flags]
    private enum PseudoFields
    {
        None = 0,
        Method = 1,
        Scheme = 2,
        Authority = 4,
        Path = 8,
        Status = 16,
    }
}
