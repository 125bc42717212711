using System.Globalization;
using Plugwire.Wire.Http2.Hpack;

namespace Plugwire.Wire.Http2;

/// <summary>
/// Keeps a message to the length that its header list announced (RFC 9113 section 8.1.1). One that announced none may have any. Not thread-safe.
/// </summary>
internal struct ContentLength
{
    private const string Name = "content-length";

    private bool _isAnnounced;
    private long _left;

    /// <summary>Whether so much more would still be in keeping with it.</summary>
    public readonly bool Allows(int count, bool endStream) => !_isAnnounced || (endStream ? count == _left : count <= _left);

    /// <summary>Counts content that came and is allowed.</summary>
    public void Take(int count)
    {
        if (_isAnnounced)
            _left -= count;
    }

    /// <summary>What a header list announces, which breaks no rule.</summary>
    public static ContentLength Of(HeaderList headers)
    {
        // Of a list over the limit only a part was kept. And a response of 204 or 304 may name the length of what it does not have.
        if (headers.IsTooLarge || !headers.TryGet(Name, out var value) || (headers.TryGet(":status", out var status) && status is "204" or "304"))
            return default;

        return new ContentLength { _isAnnounced = true, _left = Parse(value) ?? 0 };
    }

    /// <summary>What is wrong with a field of a request or a response, as a sentence; null when nothing is, or when it is another field.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The field's value.</param>
    /// <param name="seen">Whether there was a length before it, and from here on.</param>
    public static string? FindViolation(string name, string value, ref bool seen)
    {
        if (name != Name)
            return null;

        // RFC 9110 section 8.6: the same length twice may be taken for one, or refused. Whoever sends it has put two messages together.
        if (seen)
            return $"The field '{Name}' came twice.";

        seen = true;
        return Parse(value) is null ? $"The field '{Name}: {value}' is not a number of bytes." : null;
    }

    private static long? Parse(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
}
