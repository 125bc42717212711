using Grpc.Core;

namespace Plugwire.Testing.Transcripts;

/// <summary>The requests of a replayed call.</summary>
internal sealed class ReplayedWriter<T>(ReplayedCall call) : IClientStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            call.Take(message);
            return Task.CompletedTask;
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }

    public Task CompleteAsync()
    {
        try
        {
            call.TakeEnd();
            return Task.CompletedTask;
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }
}
