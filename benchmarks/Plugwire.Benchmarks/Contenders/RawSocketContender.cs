using System.Net.Sockets;
using Plugwire.Benchmarks.Workloads;
using Plugwire.Benchmarks.Workloads.RawSockets;

namespace Plugwire.Benchmarks.Contenders;

/// <summary>Frames on a connected Unix socket: an echo for what goes there and back, a copy for what the server streams.</summary>
internal sealed class RawSocketContender : IContender, IDisposable
{
    // About what a small call or message is on the wire.
    private const int SmallFrame = 64;

    private readonly Socket _socket;

    private RawSocketContender(Socket socket) => _socket = socket;

    public static async Task<RawSocketContender> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new RawSocketContender(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task<TimeSpan> RunAsync(Workload workload, CancellationToken cancellationToken)
    {
        var request = new RawRequest(Echo: workload.Kind != CallKind.ServerStreaming, Math.Max(workload.Size, SmallFrame), workload.Count);
        var began = TimeProvider.System.GetTimestamp();
        var header = new byte[RawRequest.Size];
        request.Write(header);
        await _socket.SendAllAsync(header, cancellationToken);
        var frame = new byte[request.FrameSize];
        for (var received = 0L; received < request.Count; received++)
        {
            if (request.Echo)
                await _socket.SendAllAsync(frame, cancellationToken);
            if (!await _socket.TryReceiveAllAsync(frame, cancellationToken))
                throw new EndOfStreamException($"The raw socket's server closed after {received} of {request.Count} frames.");
        }

        return TimeProvider.System.GetElapsedTime(began);
    }

    public Task<long?> ReadAllocatedAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    public void Dispose() => _socket.Dispose();
}
