using Microsoft.Win32.SafeHandles;

namespace Plugwire.Testing.Command.Playing;

/// <summary>The plugin's real standard output and standard error, of which the console's own streams hide that nobody reads them any more.</summary>
internal static class PlayedOutput
{
    public const int Output = 1;
    public const int Error = 2;

    /// <summary>Writes at once; a write fails when nobody reads.</summary>
    public static FileStream Open(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
