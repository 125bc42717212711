using Plugwire.Descriptors;

namespace Plugwire.Launching;

/// <summary>The standard output that the host reads the handshake from.</summary>
internal static class OriginalOutput
{
    /// <summary>Writes all of it. The descriptor stays open until the process ends: some hosts take its end for the plugin's.</summary>
    public static bool TryWrite(int descriptor, ReadOnlySpan<byte> bytes)
    {
        if (!OperatingSystem.IsWindows())
            return Descriptor.TryWrite(descriptor, bytes);

        var stream = WindowsConsole.OpenStandardOutput();
        stream.Write(bytes);
        stream.Flush();
        return true;
    }
}
