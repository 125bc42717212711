using Grpc.Core;

namespace Plugwire.Testing.Transcripts;

/// <summary>The responses of a replayed call.</summary>
internal sealed class ReplayedReader<T>(ReplayedCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T>
    where T : class
{
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("There is no response yet, or no more.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = null;
        _current = await call.NextAsync(marshaller, cancellationToken).ConfigureAwait(false);
        return _current is not null;
    }
}
