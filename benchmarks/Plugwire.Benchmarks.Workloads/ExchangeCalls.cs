using Google.Protobuf;

namespace Plugwire.Benchmarks.Workloads;

/// <summary>The caller's side of what is measured: carries out a workload, and checks that it was carried out. For one workload at a time.</summary>
public abstract class ExchangeCalls
{
    /// <summary>Ends when all operations have; with the cancellation of the token after the operations under way.</summary>
    public Task RunAsync(Workload workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var block = new Block { Payload = UnsafeByteOperations.UnsafeWrap(new byte[workload.Size]) };
        return workload.Kind switch
        {
            CallKind.Unary when workload.InFlight > 1 => UnaryTogetherAsync(block, workload, cancellationToken),
            CallKind.Unary => UnaryAsync(block, new Countdown(workload.Count), cancellationToken),
            CallKind.ServerStreaming => DownloadAsync(new DownloadRequest { Count = workload.Count, Size = workload.Size }, cancellationToken),
            CallKind.ClientStreaming => UploadAsync(block, workload.Count, cancellationToken),
            CallKind.PingPong => PingPongAsync(block, workload.Count, cancellationToken),
            _ => throw new ArgumentException($"There is no workload of the kind {workload.Kind}.", nameof(workload)),
        };
    }

    /// <summary>One call after the other, until the countdown has ended.</summary>
    protected abstract Task UnaryAsync(Block block, Countdown countdown, CancellationToken cancellationToken);

    /// <summary>One call that streams the blocks from the server.</summary>
    protected abstract Task DownloadAsync(DownloadRequest request, CancellationToken cancellationToken);

    /// <summary>One call that streams the blocks to the server.</summary>
    protected abstract Task UploadAsync(Block block, long count, CancellationToken cancellationToken);

    /// <summary>One call that sends a block, and each further one when the last has come back.</summary>
    protected abstract Task PingPongAsync(Block block, long count, CancellationToken cancellationToken);

    /// <summary>A wrong count would make a wrong figure.</summary>
    protected static void CheckCount(long expected, long found)
    {
        if (found != expected)
            throw new InvalidOperationException($"The stream ended after {found} messages where {expected} were expected.");
    }

    private async Task UnaryTogetherAsync(Block block, Workload workload, CancellationToken cancellationToken)
    {
        var countdown = new Countdown(workload.Count);
        await Task.WhenAll(Enumerable.Range(0, workload.InFlight).Select(_ => UnaryAsync(block, countdown, cancellationToken))).ConfigureAwait(false);
    }
}
