using System.Net.Sockets;

namespace Plugwire.Wire.Transports.UnixSockets;

/// <summary>Connects to a Unix domain socket.</summary>
internal static class UnixSocketConnector
{
    // A full backlog empties as fast as its owner accepts: 1 ms doubling to 128 ms, about 2 s in all, then it is no burst any more.
    private const int MaxAttempts = 22;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(128);

    /// <inheritdoc cref="ConnectAsync(string, TimeProvider, CancellationToken)"/>
    public static Task<TransportConnection> ConnectAsync(string path, CancellationToken cancellationToken) =>
        ConnectAsync(path, TimeProvider.System, cancellationToken);

    /// <summary>Connects once; while the listener's backlog is full, again after a short pause, for about two seconds.</summary>
    /// <exception cref="ArgumentException">The path can name no socket.</exception>
    /// <exception cref="PeerRefusedException">Another user's process listens there.</exception>
    /// <exception cref="IOException">Nobody can be reached there: says why, with the path; the inner exception is the <see cref="SocketException"/>.</exception>
    public static async Task<TransportConnection> ConnectAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        UnixSocketPath.Validate(path);
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ConnectOnceAsync(path, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock && attempt < MaxAttempts)
            {
                await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (SocketException e)
            {
                throw new IOException($"Cannot connect to the socket '{path}': {Explain(e)}", e);
            }
        }
    }

    private static async Task<TransportConnection> ConnectOnceAsync(string path, CancellationToken cancellationToken)
    {
        // A socket whose connect has failed cannot try again: each attempt has its own.
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            var peer = UnixPeer.Of(socket);
            return PeerUser.FindViolation(peer) is { } violation
                ? throw new PeerRefusedException($"The connection to the socket '{path}' is closed before a word was said: {violation}.")
                : new TransportConnection(new UnixSocketStream(socket), path, peer);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // .NET's own words are those of TCP: for a missing file it says "Cannot assign requested address".
    private static string Explain(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable =>
            "there is no such file (ENOENT). Its owner has ended, or has not created it yet.",
        SocketError.ConnectionRefused =>
            "nobody listens there (ECONNREFUSED). Its owner was killed and left the file behind, or has not begun to listen, or it is no socket.",
        SocketError.WouldBlock =>
            $"its queue of waiting connections is full (EAGAIN), still so after {MaxAttempts} attempts. Its owner runs but does not accept.",
        SocketError.AccessDenied =>
            "permission denied (EACCES). The socket or a directory above it belongs to another user.",
        SocketError.ProtocolType =>
            "the socket there is no stream socket (EPROTOTYPE).",
        _ => $"{e.Message} ({e.SocketErrorCode}, error {e.NativeErrorCode}).",
    };
}
