using System.Text;

namespace Plugwire.Descriptors;

/// <summary>
/// The process's real standard error, which is the log channel to the host. Descriptor 2 is never redirected: what a crashing
/// runtime, the dynamic loader or an abort in native code says last goes there past all of our code, and must reach the host.
/// </summary>
internal static class StandardError
{
    // Held across a system call, which is otherwise not done here: a pipe keeps only writes of up to 4 KiB together, and a
    // line torn by another is lost as a log entry. Who waits here would wait for the same full pipe in the kernel.
    private static readonly Lock Gate = new();

    // Windows only.
    private static readonly Lazy<Stream> WindowsStream = new(WindowsConsole.OpenStandardError);

    /// <summary>Writes the bytes together. When nobody reads any more, the host is gone: there is nobody left to be told, and others end the process.</summary>
    public static void Write(ReadOnlySpan<byte> bytes)
    {
        lock (Gate)
        {
            if (OperatingSystem.IsWindows())
                WindowsStream.Value.Write(bytes);
            else
                Descriptor.TryWrite(Descriptor.StandardError, bytes);
        }
    }

    /// <summary>Writes a sentence for a person, and the end of the line.</summary>
    public static void Tell(string sentence) => Write(Encoding.UTF8.GetBytes(sentence + "\n"));
}
