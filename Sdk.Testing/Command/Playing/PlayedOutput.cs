using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Testing.Command.Playing;

/// <summary>The plugin's real standard output and standard error, of which the console's own streams hide that nobody reads them any more.</summary>
internal static class PlayedOutput
{
    public const int Output = 1;
    public const int Error = 2;

    private const string Descriptors = "/proc/self/fd";

    /// <summary>Writes at once; a write fails when nobody reads.</summary>
    public static FileStream Open(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    /// <summary>Closes it for good: with the copies that the runtime keeps of it, where the system shows them.</summary>
    public static void Close(int descriptor)
    {
        int[] copies = Directory.Exists(Descriptors)
            ? [.. Directory.EnumerateFileSystemEntries(Descriptors).Where(path => TargetOf(path) == TargetOf($"{Descriptors}/{descriptor}")).Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))]
            : [descriptor];
        foreach (var copy in copies)
            _ = LibC.Close(copy);
    }

    // Null for a descriptor that was closed meanwhile.
    private static string? TargetOf(string path) => new FileInfo(path).LinkTarget;
}
