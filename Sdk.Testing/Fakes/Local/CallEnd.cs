using Grpc.Core;

namespace Plugwire.Testing.Fakes.Local;

/// <summary>How a call has ended.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Trailers">What came with it.</param>
/// <param name="IsCallers">Whether the caller's side ended it, by cancelling or by its deadline: then nothing that is still on its way is read.</param>
internal sealed record CallEnd(Status Status, Metadata Trailers, bool IsCallers)
{
    public RpcException ToException() => new(Status, Trailers);

    /// <summary>The end of a call whose handler has returned, or thrown.</summary>
    public static CallEnd OfHandler(ServerCallContext context, Exception? thrown)
    {
        var trailers = new Metadata();
        foreach (var trailer in context.ResponseTrailers)
            trailers.Add(trailer);
        if (thrown is RpcException { Trailers: { } ofFailure })
        {
            foreach (var trailer in ofFailure)
                trailers.Add(trailer);
        }

        return new CallEnd(
            thrown switch
            {
                null => context.Status,
                RpcException failure => failure.Status,
                OperationCanceledException when context.CancellationToken.IsCancellationRequested => new Status(StatusCode.Cancelled, "The call was cancelled.", thrown),
                _ => new Status(StatusCode.Unknown, $"The handler of {context.Method} threw {thrown.GetType()}: {thrown.Message}", thrown),
            },
            trailers,
            IsCallers: false);
    }
}
