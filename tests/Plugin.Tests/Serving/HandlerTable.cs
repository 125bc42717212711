using Grpc.Core;

namespace Plugwire.Tests.Serving;

/// <summary>Keeps what is bound, so that a test can call it as a server would.</summary>
internal sealed class HandlerTable : ServiceBinderBase
{
    private readonly Dictionary<string, Delegate> _handlers = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _handlers.Keys;

    public THandler Get<THandler>(string method)
        where THandler : Delegate => (THandler)_handlers[$"/plugwire.tests.echo.v1.Echo/{method}"];

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Add(method, handler);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => Add(method, handler);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => Add(method, handler);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Add(method, handler);

    private void Add(IMethod method, Delegate? handler) =>
        _handlers.Add(method.FullName, handler ?? throw new InvalidOperationException($"{method.FullName} was bound to nothing."));
}
