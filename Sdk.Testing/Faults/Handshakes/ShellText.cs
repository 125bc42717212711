using System.Globalization;
using System.Text;
using Plugwire.Wire.Launching;

namespace Plugwire.Testing.Faults.Handshakes;

/// <summary>A script for the shell of any Unix that does what a <see cref="HandshakeScript"/> says.</summary>
internal static class ShellText
{
    /// <summary>What the name of the dead socket beside the script has behind the script's own. A shell can make no socket.</summary>
    public const string DeadSocketSuffix = ".sock";

    // A host kills what does not shake hands; this is for one that does not.
    private const string Stay = "exec sleep 1000";

    public static string Of(string name, HandshakeScript script)
    {
        var text = new StringBuilder()
            .Append("#!/bin/sh\n# A program that plays the bad handshake '").Append(name).Append("' of Plugwire's testing kit.\n")
            .Append("address=\"$").Append(LaunchVariables.SocketDirectory).Append('/').Append(HandshakeScript.SocketName).Append("\"\n")
            .Append("version=\"${").Append(LaunchVariables.ProtocolVersions).Append("%%,*}\"\n");
        if (script.HasDeadSocket)
            text.Append("dead=\"$0").Append(DeadSocketSuffix).Append("\"\nln \"$dead\" \"$address\" 2>/dev/null || cp -R \"$dead\" \"$address\"\n");
        if (script.Output.Length > 0)
            text.Append("printf '").Append(FormatOf(script.Output, out var values)).Append('\'').Append(values).Append('\n');
        if (script.Filler > 0)
            text.Append(CultureInfo.InvariantCulture, $"head -c {script.Filler} /dev/zero | tr '\\000' a\n");
        return text.Append(script.Ending switch
        {
            HandshakeEnding.Exit => string.Create(CultureInfo.InvariantCulture, $"exit {script.ExitCode}"),
            HandshakeEnding.CloseOutput => Stay + " >&-",
            HandshakeEnding.Flood => "exec yes",
            _ => Stay,
        }).Append('\n').ToString();
    }

    // Every byte by its number, so that none means anything to the shell or to printf.
    private static string FormatOf(byte[] output, out string values)
    {
        var (format, arguments) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < output.Length;)
        {
            var (place, variable) = PlaceAt(output.AsSpan(i));
            if (place.Length > 0)
            {
                format.Append("%s");
                arguments.Append(" \"$").Append(variable).Append('"');
                i += place.Length;
            }
            else
            {
                format.Append('\\').Append(Convert.ToString(output[i++], 8).PadLeft(3, '0'));
            }
        }

        values = arguments.ToString();
        return format.ToString();
    }

    private static (string Place, string Variable) PlaceAt(ReadOnlySpan<byte> output) =>
        output.StartsWith(Encoding.UTF8.GetBytes(HandshakeScript.Address)) ? (HandshakeScript.Address, "address")
        : output.StartsWith(Encoding.UTF8.GetBytes(HandshakeScript.Version)) ? (HandshakeScript.Version, "version")
        : ("", "");
}
