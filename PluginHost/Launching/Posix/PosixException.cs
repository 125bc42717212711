using System.Runtime.InteropServices;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>A call of the C library failed; whoever knows what it was for turns this into a sentence.</summary>
internal sealed class PosixException(string call, int error) : IOException($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).")
{
    public int Error { get; } = error;
}
