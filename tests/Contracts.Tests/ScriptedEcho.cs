using Google.Protobuf.WellKnownTypes;

namespace Plugwire.Contracts.Tests;

/// <summary>The test's implementation: each method does what the test says.</summary>
internal sealed class ScriptedEcho : IEcho
{
    public Func<EchoRequest, CallContext, CancellationToken, ValueTask<EchoReply>> OnUnary { get; set; } = static (request, _, _) => new(Reply(request));

    public Func<IAsyncEnumerable<EchoRequest>, CallContext, CancellationToken, ValueTask<EchoReply>> OnUpload { get; set; } = static async (requests, _, _) =>
    {
        var count = 0;
        await foreach (var request in requests)
            count += request.Count;
        return new EchoReply { Count = count };
    };

    public Func<EchoRequest, CallContext, CancellationToken, IAsyncEnumerable<EchoReply>> OnDownload { get; set; } = static (request, _, _) => Times(request);

    public Func<IAsyncEnumerable<EchoRequest>, CallContext, CancellationToken, IAsyncEnumerable<EchoReply>> OnDuplex { get; set; } = static (requests, _, _) => Each(requests);

    public Func<IAsyncEnumerable<BytesValue>, CallContext, CancellationToken, IAsyncEnumerable<BytesValue>> OnPipe { get; set; } = static (requests, _, _) => requests;

    /// <summary>Makes every method fail, before its first answer.</summary>
    public void FailWith(Exception exception)
    {
        OnUnary = (_, _, _) => throw exception;
        OnUpload = (_, _, _) => throw exception;
        OnDownload = (_, _, _) => throw exception;
        OnDuplex = (_, _, _) => throw exception;
    }

    public static EchoReply Reply(EchoRequest request) => new() { Text = request.Text, Payload = request.Payload, Count = request.Count };

    public ValueTask<EchoReply> UnaryAsync(EchoRequest request, CallContext call, CancellationToken cancellationToken) => OnUnary(request, call, cancellationToken);

    public ValueTask<EchoReply> UploadAsync(IAsyncEnumerable<EchoRequest> requests, CallContext call, CancellationToken cancellationToken) =>
        OnUpload(requests, call, cancellationToken);

    public IAsyncEnumerable<EchoReply> DownloadAsync(EchoRequest request, CallContext call, CancellationToken cancellationToken) =>
        OnDownload(request, call, cancellationToken);

    public IAsyncEnumerable<EchoReply> DuplexAsync(IAsyncEnumerable<EchoRequest> requests, CallContext call, CancellationToken cancellationToken) =>
        OnDuplex(requests, call, cancellationToken);

    public IAsyncEnumerable<BytesValue> PipeAsync(IAsyncEnumerable<BytesValue> requests, CallContext call, CancellationToken cancellationToken) =>
        OnPipe(requests, call, cancellationToken);

    private static async IAsyncEnumerable<EchoReply> Times(EchoRequest request)
    {
        for (var i = 0; i < request.Count; i++)
        {
            await Task.CompletedTask;
            yield return new EchoReply { Text = request.Text, Payload = request.Payload, Count = i };
        }
    }

    private static async IAsyncEnumerable<EchoReply> Each(IAsyncEnumerable<EchoRequest> requests)
    {
        await foreach (var request in requests)
            yield return Reply(request);
    }
}
