using Grpc.Core;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>The requests of a call, for one writer.</summary>
internal sealed class ClientStreamWriter<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return call.WriteAsync(message, WriteOptions, cancellationToken);
    }

    public Task CompleteAsync()
    {
        call.CompleteWriting();
        return Task.CompletedTask;
    }
}
