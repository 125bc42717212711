using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>The responses of a call, for one writer.</summary>
internal sealed class ServerStreamWriter<TRequest, TResponse>(ServerCall<TRequest, TResponse> call) : IServerStreamWriter<TResponse>
    where TRequest : class
    where TResponse : class
{
    public WriteOptions? WriteOptions
    {
        get => call.Context.WriteOptions;
        set => call.Context.WriteOptions = value;
    }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            return call.WriteAsync(message, cancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }
}
