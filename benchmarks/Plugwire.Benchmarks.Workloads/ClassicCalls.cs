using Grpc.Core;

namespace Plugwire.Benchmarks.Workloads;

/// <summary>Calls by the stub that Grpc.Tools generates: of our wire and of Grpc.Net.Client alike, by their invoker.</summary>
public sealed class ClassicCalls(CallInvoker invoker) : ExchangeCalls
{
    private readonly Exchange.ExchangeClient _client = new(invoker);

    // The token is looked at, not passed on: a call is measured without what a token costs.
    protected override async Task UnaryAsync(Block block, Countdown countdown, CancellationToken cancellationToken)
    {
        while (countdown.TryTake())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _client.EchoAsync(block, cancellationToken: CancellationToken.None).ConfigureAwait(false);
        }
    }

    protected override async Task DownloadAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var call = _client.Download(request, cancellationToken: cancellationToken);
        var received = 0L;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            received++;
        CheckCount(request.Count, received);
    }

    protected override async Task UploadAsync(Block block, long count, CancellationToken cancellationToken)
    {
        using var call = _client.Upload(cancellationToken: cancellationToken);
        for (var sent = 0L; sent < count; sent++)
            await call.RequestStream.WriteAsync(block, CancellationToken.None).ConfigureAwait(false);
        await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        var reply = await call.ResponseAsync.ConfigureAwait(false);
        CheckCount(count, reply.Count);
    }

    protected override async Task PingPongAsync(Block block, long count, CancellationToken cancellationToken)
    {
        using var call = _client.PingPong(cancellationToken: cancellationToken);
        var received = 0L;
        for (; received < count; received++)
        {
            await call.RequestStream.WriteAsync(block, CancellationToken.None).ConfigureAwait(false);
            if (!await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
                break;
        }

        CheckCount(count, received);
        await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            received++;
        CheckCount(count, received);
    }
}
