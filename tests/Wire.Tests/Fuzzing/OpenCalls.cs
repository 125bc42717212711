using Grpc.Core;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Tests.Rpc;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>The calls that a client has open while its server says anything. Each ends once: with its answer or with an <see cref="RpcException"/>.</summary>
internal sealed class OpenCalls : IDisposable
{
    private const int MostAnswers = 4;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<Task<bool>> _outcomes = [];

    /// <summary>Opens one of each kind, on the streams 1, 3, 5 and 7, and another on 9.</summary>
    public OpenCalls(RpcClientConnection connection, bool completesRequests)
    {
        var client = new Echo.EchoClient(connection.CallInvoker);
        var request = new EchoRequest { Text = "fuzz", Count = 3 };
        _outcomes.Add(OutcomeAsync(UnaryAsync(client, request, _cancellation.Token)));
        _outcomes.Add(OutcomeAsync(UploadAsync(client, request, completesRequests)));
        _outcomes.Add(OutcomeAsync(DownloadAsync(client, request)));
        _outcomes.Add(OutcomeAsync(DuplexAsync(client, request, completesRequests)));
        _outcomes.Add(OutcomeAsync(UnaryAsync(client, request, CancellationToken.None)));
    }

    public int Count => _outcomes.Count;

    public void CancelFirst() => _cancellation.Cancel();

    /// <summary>Ends when all have ended.</summary>
    /// <returns>How many with OK.</returns>
    public async Task<int> EndAsync() => (await Task.WhenAll(_outcomes).Within("the calls of a connection that is over")).Count(isOk => isOk);

    public void Dispose() => _cancellation.Dispose();

    // Anything but an RpcException is a finding.
    private static async Task<bool> OutcomeAsync(Task<Status> call)
    {
        try
        {
            var status = await call;
            if (status.StatusCode != StatusCode.OK)
                throw new FuzzException($"A call that did not throw has the status {status}.");
            return true;
        }
        catch (RpcException exception)
        {
            if (exception.StatusCode == StatusCode.OK)
                throw new FuzzException($"A call threw with the status OK: {exception}");
            return false;
        }
    }

    private static async Task<Status> UnaryAsync(Echo.EchoClient client, EchoRequest request, CancellationToken cancellationToken)
    {
        using var call = client.UnaryAsync(request, cancellationToken: cancellationToken);
        await call.ResponseAsync;
        await call.ResponseHeadersAsync;
        return call.GetStatus();
    }

    private static async Task<Status> UploadAsync(Echo.EchoClient client, EchoRequest request, bool completesRequests)
    {
        using var call = client.ClientStream();
        await WriteAsync(call.RequestStream, request);
        if (completesRequests)
            await call.RequestStream.CompleteAsync();
        await call.ResponseAsync;
        return call.GetStatus();
    }

    private static async Task<Status> DownloadAsync(Echo.EchoClient client, EchoRequest request)
    {
        using var call = client.ServerStream(request);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
        }

        call.GetTrailers();
        return call.GetStatus();
    }

    private static async Task<Status> DuplexAsync(Echo.EchoClient client, EchoRequest request, bool completesRequests)
    {
        using var call = client.Duplex();
        await WriteAsync(call.RequestStream, request);
        for (var answers = 0; await call.ResponseStream.MoveNext(CancellationToken.None); answers++)
        {
            if (answers < MostAnswers)
                await WriteAsync(call.RequestStream, request);
        }

        if (completesRequests)
            await call.RequestStream.CompleteAsync();
        return call.GetStatus();
    }

    // The call may have ended meanwhile, with OK as well, and a writer that comes too late is told so.
    private static async Task WriteAsync(IClientStreamWriter<EchoRequest> requests, EchoRequest request)
    {
        try
        {
            await requests.WriteAsync(request);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException { Message: "The call has ended: the server takes no more messages." })
        {
            // The status that counts is the reader's.
        }
    }
}
