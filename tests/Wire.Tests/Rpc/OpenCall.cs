using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>A call of any kind that has sent one request and not completed its stream, if it has one.</summary>
internal sealed class OpenCall : IDisposable
{
    private readonly Action _dispose;
    private readonly Func<Status> _getStatus;

    private OpenCall(Task outcome, Action dispose, Func<Status> getStatus)
    {
        Outcome = outcome.WaitAsync(RpcPair.Limit);
        _dispose = dispose;
        _getStatus = getStatus;
    }

    /// <summary>Ends with the call; faulted when the call fails.</summary>
    public Task Outcome { get; }

    public Status Status => _getStatus();

    public static OpenCall Start(Echo.EchoClient client, MethodType kind, CallOptions options = default)
    {
        var request = new EchoRequest { Text = "open", Count = 1 };
        switch (kind)
        {
            case MethodType.Unary:
                var unary = client.UnaryAsync(request, options);
                return new OpenCall(unary.ResponseAsync, unary.Dispose, unary.GetStatus);
            case MethodType.ClientStreaming:
                var upload = client.ClientStream(options);
                return new OpenCall(WriteThenAsync(upload.RequestStream, request, () => upload.ResponseAsync), upload.Dispose, upload.GetStatus);
            case MethodType.ServerStreaming:
                var download = client.ServerStream(request, options);
                return new OpenCall(ReadAllAsync(download.ResponseStream), download.Dispose, download.GetStatus);
            default:
                var duplex = client.Duplex(options);
                return new OpenCall(WriteThenAsync(duplex.RequestStream, request, () => ReadAllAsync(duplex.ResponseStream)), duplex.Dispose, duplex.GetStatus);
        }
    }

    /// <summary>Awaits the outcome, which is to be a failure.</summary>
    public async Task<RpcException> FailureAsync() => await Assert.ThrowsAsync<RpcException>(() => Outcome);

    public void Dispose() => _dispose();

    private static async Task WriteThenAsync(IClientStreamWriter<EchoRequest> requests, EchoRequest request, Func<Task> then)
    {
        await requests.WriteAsync(request);
        await then();
    }

    private static async Task ReadAllAsync(IAsyncStreamReader<EchoReply> replies)
    {
        while (await replies.MoveNext(CancellationToken.None))
        {
        }
    }
}
