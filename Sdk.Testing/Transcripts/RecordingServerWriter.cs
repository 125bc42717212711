using Grpc.Core;

namespace Plugwire.Testing.Transcripts;

/// <summary>A stream of responses that is written and told of.</summary>
internal sealed class RecordingServerWriter<T>(IServerStreamWriter<T> writer, Action<T> onMessage) : IServerStreamWriter<T>
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
}
