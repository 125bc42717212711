using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Wire.Transports.UnixSockets;

/// <summary>Listens on a Unix domain socket that its user alone may connect to: by the file's mode, and by a look at who has connected. Disposing removes the file.</summary>
internal sealed partial class UnixSocketListener : IConnectionListener
{
    private const int Backlog = 128;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly Func<CancellationToken, ValueTask<Socket>> _accept;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposed = new();
    private volatile bool _admitsAll;

    private UnixSocketListener(
        string path, Socket socket, Func<Socket, CancellationToken, ValueTask<Socket>> accept, TimeProvider timeProvider, ILogger logger)
    {
        Address = path;
        _socket = socket;
        _accept = token => accept(socket, token);
        _timeProvider = timeProvider;
        _logger = logger;
    }

    public string Address { get; }

    /// <summary>Creates the socket and listens on it.</summary>
    /// <param name="path">A path that does not exist yet, in a directory that does; who may reach that directory is its owner's care.</param>
    /// <param name="timeProvider">The clock of the pauses after an accept that failed; null for the system's.</param>
    /// <param name="logger">Told of accepts that failed, and of peers that were refused; null for none.</param>
    /// <exception cref="ArgumentException">The path can name no socket.</exception>
    /// <exception cref="IOException">The socket cannot be created there: says why, with the path.</exception>
    public static UnixSocketListener Bind(string path, TimeProvider? timeProvider = null, ILogger? logger = null) =>
        Bind(path, static (socket, token) => socket.AcceptAsync(token), timeProvider, logger);

    /// <summary>The same with another way to accept, for tests of the errors that a machine in good health does not have.</summary>
    public static UnixSocketListener Bind(
        string path, Func<Socket, CancellationToken, ValueTask<Socket>> accept, TimeProvider? timeProvider, ILogger? logger)
    {
        UnixSocketPath.Validate(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            BindOwnerOnly(socket, path);
            socket.Listen(Backlog);
            return new UnixSocketListener(path, socket, accept, timeProvider ?? TimeProvider.System, logger ?? NullLogger.Instance);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"Cannot listen on the socket '{path}': {Explain(e, path)}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Leaves it to the file's mode who may connect, after its owner has given the file to others on purpose.</summary>
    public void AdmitAll() => _admitsAll = true;

    public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (await AcceptSocketAsync(cancellationToken).ConfigureAwait(false) is { } socket)
        {
            var peer = UnixPeer.Of(socket);
            if (_admitsAll || PeerUser.FindViolation(peer) is not { } violation)
                return new TransportConnection(new UnixSocketStream(socket), Address, peer);

            Log.PeerRefused(_logger, Address, violation);
            socket.Dispose();
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync().ConfigureAwait(false);

        // .NET removes the file of a socket that it has bound when the socket is disposed.
        _socket.Dispose();
    }

    private static void BindOwnerOnly(Socket socket, string path)
    {
        var endPoint = new UnixDomainSocketEndPoint(path);
        if (OperatingSystem.IsLinux())
        {
            // The file gets the mode of the descriptor, less the umask: so it never exists with a wider one, and the umask,
            // which belongs to the whole process, is left alone.
            using var descriptor = new SafeFileHandle(socket.Handle, ownsHandle: false);
            File.SetUnixFileMode(descriptor, OwnerOnly);
            socket.Bind(endPoint);
        }
        else
        {
            socket.Bind(endPoint);

            // Nobody can connect before it listens.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, OwnerOnly);
        }
    }

    private static bool IsTransient(SocketError error) => error
        is SocketError.TooManyOpenSockets
        or SocketError.NoBufferSpaceAvailable
        or SocketError.ConnectionAborted
        or SocketError.ConnectionReset
        or SocketError.Interrupted
        or SocketError.TryAgain
        or SocketError.WouldBlock;

    private static string Explain(SocketException e, string path) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "a file of that name exists. A socket needs a name of its own; a fresh directory has none taken.",
        SocketError.AddressNotAvailable => $"its directory '{Path.GetDirectoryName(path)}' does not exist.",
        SocketError.AccessDenied => $"permission denied. This user may not create files in '{Path.GetDirectoryName(path)}'.",
        _ => $"{e.Message} ({e.SocketErrorCode}, error {e.NativeErrorCode}).",
    };

    /// <summary>Null when the listener has been disposed.</summary>
    private async ValueTask<Socket?> AcceptSocketAsync(CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await _accept(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (_disposed.IsCancellationRequested && e is SocketException or ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (IsTransient(e.SocketErrorCode))
            {
                // The connection that could not be accepted still waits: without a pause this would spin until a descriptor is free.
                Log.AcceptFailed(_logger, Address, e.SocketErrorCode, pause.TotalMilliseconds);
                if (!await PauseAsync(pause, cancellationToken).ConfigureAwait(false))
                    return null;
            }
            catch (SocketException e)
            {
                throw new IOException($"The socket '{Address}' accepts no more connections: {e.Message} ({e.SocketErrorCode}).", e);
            }
        }
    }

    /// <summary>False when the listener has been disposed meanwhile.</summary>
    private async ValueTask<bool> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        try
        {
            await Task.Delay(pause, _timeProvider, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The socket {Address} could not accept a connection: {Error}. Trying again in {PauseMilliseconds} ms.")]
        public static partial void AcceptFailed(ILogger logger, string address, SocketError error, double pauseMilliseconds);

        [LoggerMessage(2, LogLevel.Warning, "A connection to the socket {Address} is closed before a word was said: {Violation}.", EventName = "PeerRefused")]
        public static partial void PeerRefused(ILogger logger, string address, string violation);
    }
}
