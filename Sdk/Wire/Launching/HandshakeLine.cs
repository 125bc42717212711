using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Plugwire.Wire.Launching;

/// <summary>
/// The one line that a plugin prints when it is ready to be dialled:
/// <c>CORE|APP|NETWORK|ADDRESS|PROTOCOL|CERTIFICATE[|MULTIPLEX]</c>.
/// </summary>
/// <param name="CoreVersion">The version of the launch protocol itself; <see cref="CurrentCoreVersion"/> is the only one.</param>
/// <param name="ApplicationVersion">The protocol version of the application that the plugin chose.</param>
/// <param name="Network"><c>unix</c> or <c>tcp</c>.</param>
/// <param name="Address">A socket's path, or <c>host:port</c>.</param>
/// <param name="Protocol"><c>grpc</c>, or <c>netrpc</c>, which is Go's alone.</param>
/// <param name="Certificate">The plugin's certificate, raw DER in base64 without padding; empty without TLS.</param>
/// <param name="Multiplex">Whether the plugin speaks go-plugin's multiplexing; null when the line has no such field.</param>
internal sealed record HandshakeLine(
    int CoreVersion, int ApplicationVersion, string Network, string Address, string Protocol, string Certificate = "", bool? Multiplex = null)
{
    public const int CurrentCoreVersion = 1;
    public const string Unix = "unix";
    public const string Tcp = "tcp";
    public const string Grpc = "grpc";
    public const string NetRpc = "netrpc";

    /// <summary>The longest line that a reader takes, in bytes, its end included.</summary>
    public const int MaxBytes = 4096;

    private const int FewestFields = 4;
    private const int MostFields = 7;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The line without its end. The multiplexing field is written only when <see cref="Multiplex"/> is set: old hosts would take it for part of the certificate.</summary>
    public string Format()
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{CoreVersion}|{ApplicationVersion}|{Network}|{Address}|{Protocol}|{Certificate}");
        return Multiplex is { } multiplex ? line + (multiplex ? "|true" : "|false") : line;
    }

    /// <summary>Reads a line without its end; white space around it is ignored. Never throws, whatever the bytes are.</summary>
    /// <param name="line">What stood on the plugin's standard output.</param>
    /// <param name="handshake">The line's fields.</param>
    /// <param name="violation">What was expected and what was found, as one sentence.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out HandshakeLine? handshake, [NotNullWhen(false)] out string? violation)
    {
        handshake = null;
        string text;
        try
        {
            text = StrictUtf8.GetString(line).Trim();
        }
        catch (DecoderFallbackException)
        {
            violation = "The line is not UTF-8 text.";
            return false;
        }

        var fields = text.Split('|');
        if (fields.Length is < FewestFields or > MostFields)
        {
            violation = $"A handshake has {FewestFields} to {MostFields} fields, separated by '|': the line has {fields.Length}.";
            return false;
        }

        if (!TryParseVersion(fields[0], out var core))
        {
            violation = $"The first field is the launch protocol's version, a number: '{fields[0]}' is none.";
            return false;
        }

        if (!TryParseVersion(fields[1], out var application))
        {
            violation = $"The second field is the application's protocol version, a number: '{fields[1]}' is none.";
            return false;
        }

        bool? multiplex = null;
        if (fields.Length == MostFields)
        {
            if (!TryParseGoBoolean(fields[6], out var value))
            {
                violation = $"The seventh field says whether the plugin multiplexes, true or false: '{fields[6]}' is neither.";
                return false;
            }

            multiplex = value;
        }

        // A line without a protocol comes from a time when net/rpc was the only one.
        handshake = new HandshakeLine(
            core, application, fields[2], fields[3], fields.Length > 4 ? fields[4] : NetRpc, fields.Length > 5 ? fields[5] : "", multiplex);
        violation = null;
        return true;
    }

    private static bool TryParseVersion(string field, out int version) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out version);

    private static bool TryParseGoBoolean(string field, out bool value)
    {
        value = field is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return value || field is "0" or "f" or "F" or "false" or "FALSE" or "False";
    }
}
