using System.Globalization;
using System.Runtime.InteropServices;

namespace Plugwire.Wire.Transports.UnixSockets;

/// <summary>Whose processes may be at the other end of a socket: this process's own user's, and the administrator's, from whom nothing can be kept.</summary>
internal static partial class PeerUser
{
    private const uint Administrator = 0;

    /// <returns>Null when the peer may be there; else what is wrong with it, as a clause.</returns>
    public static string? FindViolation(PeerProcess? peer) => UnixPeer.IsTold ? FindViolation(peer, EffectiveUserId()) : null;

    /// <summary>The same for a process of any user.</summary>
    public static string? FindViolation(PeerProcess? peer, uint ownUserId) => peer switch
    {
        null => "the system does not tell whose process is at the other end",
        { UserId: var user } when user == ownUserId || user == Administrator => null,
        { ProcessId: var process, UserId: var user } => string.Create(
            CultureInfo.InvariantCulture, $"at the other end is process {process} of user {user}, and this process is user {ownUserId}'s"),
    };

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();
}
