using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>Takes one method's handler out of a service instance that is bound to it: generated binders bind all methods at once.</summary>
internal sealed class MethodSelector(IMethod wanted) : ServiceBinderBase
{
    private object? _handler;

    /// <summary>The wanted method's handler.</summary>
    /// <exception cref="InvalidOperationException">The instance did not bind the method, or bound it as another kind.</exception>
    public THandler Handler<THandler>()
        where THandler : Delegate => _handler as THandler
        ?? throw new InvalidOperationException(
            $"The service bound {wanted.FullName} as {wanted.Type} at startup, but an instance of it " +
            (_handler is null ? "does not bind it." : $"binds it as a {_handler.GetType().Name}."));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Take(method, handler);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => Take(method, handler);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => Take(method, handler);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Take(method, handler);

    // Generated code keeps one Method object for good; a binder written by hand may make a new one each time.
    private void Take(IMethod method, object? handler)
    {
        if (ReferenceEquals(method, wanted) || string.Equals(method.FullName, wanted.FullName, StringComparison.Ordinal))
            _handler = handler;
    }
}
