using System.Diagnostics.CodeAnalysis;

namespace Plugwire.Wire.Launching;

/// <summary>
/// What a host sends first on the connection on which it serves its plugin: a mark, and the token that the plugin has given it on the control connection. HTTP/2
/// follows, with the plugin as its client.
/// </summary>
internal static class HostConnectionPreamble
{
    public const int TokenBytes = 32;

    /// <summary>Tells such a connection from any other: neither HTTP, in any version, nor TLS nor text begins with it.</summary>
    public const byte FirstByte = 0x8B;

    private static readonly byte[] Mark = [FirstByte, .. "plugwire-host/1"u8];

    /// <summary>Always that many bytes, so that nothing of what follows is read with it.</summary>
    public static int Length => Mark.Length + TokenBytes;

    public static byte[] Format(ReadOnlySpan<byte> token)
    {
        if (token.Length != TokenBytes)
            throw new ArgumentException($"A token has {TokenBytes} bytes: this one has {token.Length}.", nameof(token));

        return [.. Mark, .. token];
    }

    /// <summary>False when the mark is not there.</summary>
    public static bool TryParse(ReadOnlySpan<byte> preamble, [NotNullWhen(true)] out byte[]? token)
    {
        token = preamble.Length == Length && preamble.StartsWith(Mark) ? preamble[Mark.Length..].ToArray() : null;
        return token is not null;
    }
}
