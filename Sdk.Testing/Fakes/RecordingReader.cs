using Grpc.Core;

namespace Plugwire.Testing.Fakes;

/// <summary>The requests of a call, each shown to somebody before it is read.</summary>
internal sealed class RecordingReader<T>(IAsyncStreamReader<T> reader, Action<T> record) : IAsyncStreamReader<T>
{
    public T Current => reader.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await reader.MoveNext(cancellationToken).ConfigureAwait(false))
            return false;
        record(reader.Current);
        return true;
    }
}
