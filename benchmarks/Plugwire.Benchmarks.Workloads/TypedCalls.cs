using System.Threading.Channels;

namespace Plugwire.Benchmarks.Workloads;

/// <summary>Calls by the typed contract, to whatever stands behind it.</summary>
public sealed class TypedCalls(IExchange exchange) : ExchangeCalls
{
    // The token is looked at, not passed on, as in the classic calls.
    protected override async Task UnaryAsync(Block block, Countdown countdown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(countdown);
        while (countdown.TryTake())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await exchange.EchoAsync(block, cancellationToken: CancellationToken.None).ConfigureAwait(false);
        }
    }

    protected override async Task DownloadAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var received = 0L;
        await foreach (var block in exchange.DownloadAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false))
            received++;
        CheckCount(request.Count, received);
    }

    protected override async Task UploadAsync(Block block, long count, CancellationToken cancellationToken)
    {
        var reply = await exchange.UploadAsync(Repeat(block, count), cancellationToken: cancellationToken).ConfigureAwait(false);
        CheckCount(count, reply.Count);
    }

    protected override async Task PingPongAsync(Block block, long count, CancellationToken cancellationToken)
    {
        // Whoever has read a block hands over the next on the same thread, as one does who writes it himself.
        var pings = Channel.CreateUnbounded<Block>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });
        pings.Writer.TryWrite(block);
        var received = 0L;
        await foreach (var pong in exchange.PingPongAsync(pings.Reader.ReadAllAsync(cancellationToken), cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (++received < count)
                pings.Writer.TryWrite(block);
            else
                pings.Writer.TryComplete();
        }

        CheckCount(count, received);
    }

    // All are there already: the enumerable never waits, as a loop that writes does not.
    private static async IAsyncEnumerable<Block> Repeat(Block block, long count)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        for (var sent = 0L; sent < count; sent++)
            yield return block;
    }
}
