using Grpc.Core;

namespace Plugwire.Testing.Probes.Observing;

/// <summary>The requests of a handler; notes what it reads.</summary>
internal sealed class ObservedReader<T>(IAsyncStreamReader<T> reader, ObservedCall call) : IAsyncStreamReader<T>
{
    public T Current => reader.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        var hasMessage = await reader.MoveNext(cancellationToken).ConfigureAwait(false);
        if (hasMessage)
            call.NoteRequest();
        else
            call.NoteRequestsEnd();
        return hasMessage;
    }
}
