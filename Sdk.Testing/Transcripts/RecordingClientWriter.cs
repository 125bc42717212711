using Grpc.Core;

namespace Plugwire.Testing.Transcripts;

/// <summary>A stream of requests that is written and told of.</summary>
internal sealed class RecordingClientWriter<T>(IClientStreamWriter<T> writer, Action<T> onMessage, Action onEnd) : IClientStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions
    {
        get => writer.WriteOptions;
        set => writer.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        onMessage(message);
        return writer.WriteAsync(message, cancellationToken);
    }

    public Task CompleteAsync()
    {
        onEnd();
        return writer.CompleteAsync();
    }
}
