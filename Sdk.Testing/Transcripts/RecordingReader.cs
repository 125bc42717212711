using Grpc.Core;

namespace Plugwire.Testing.Transcripts;

/// <summary>A stream that is read and told of: each message, and the end.</summary>
internal sealed class RecordingReader<T>(IAsyncStreamReader<T> reader, Action<T> onMessage, Action onEnd, Action<Exception> onFailure) : IAsyncStreamReader<T>
    where T : class
{
    public T Current => reader.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        bool isThere;
        try
        {
            isThere = await reader.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            onFailure(failure);
            throw;
        }

        if (isThere)
            onMessage(reader.Current);
        else
            onEnd();
        return isThere;
    }
}
