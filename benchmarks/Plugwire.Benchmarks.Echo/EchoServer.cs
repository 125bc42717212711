using System.Net.Sockets;
using Plugwire.Benchmarks.Workloads.RawSockets;

namespace Plugwire.Benchmarks.Echo;

/// <summary>Frames on a Unix socket for one driver, read and written as .NET's sockets do by themselves.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _serving;

    public EchoServer(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = ServeAsync(_end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await _listener.AcceptAsync(cancellationToken);
            var header = new byte[RawRequest.Size];
            while (await socket.TryReceiveAllAsync(header, cancellationToken))
                await AnswerAsync(socket, RawRequest.Read(header), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"The raw socket's server has lost its driver: {failure.Message}");
        }
    }

    private static async Task AnswerAsync(Socket socket, RawRequest request, CancellationToken cancellationToken)
    {
        var frame = new byte[request.FrameSize];
        for (var sent = 0L; sent < request.Count; sent++)
        {
            if (request.Echo && !await socket.TryReceiveAllAsync(frame, cancellationToken))
                return;
            await socket.SendAllAsync(frame, cancellationToken);
        }
    }
}
