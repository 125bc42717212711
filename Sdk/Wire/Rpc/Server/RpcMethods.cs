using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>The methods that a server serves, by their paths. Filled through the binder that the generated <c>BindService</c> takes, before the server starts.</summary>
internal sealed class RpcMethods : ServiceBinderBase
{
    private readonly Dictionary<string, RpcMethod> _byPath = new(StringComparer.Ordinal);

    /// <summary>The full names of the services, in the order in which they were first bound.</summary>
    public IReadOnlyCollection<string> ServiceNames => [.. _byPath.Values.Select(method => method.ServiceName).Distinct(StringComparer.Ordinal)];

    public void Add(ServerServiceDefinition service) => service.BindService(this);

    public bool TryGet(string path, [NotNullWhen(true)] out RpcMethod? method) => _byPath.TryGetValue(path, out method);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Add(new UnaryRpcMethod<TRequest, TResponse>(method, Require(handler, method)));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(new ClientStreamingRpcMethod<TRequest, TResponse>(method, Require(handler, method)));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(new ServerStreamingRpcMethod<TRequest, TResponse>(method, Require(handler, method)));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(new DuplexStreamingRpcMethod<TRequest, TResponse>(method, Require(handler, method)));

    private static THandler Require<THandler>(THandler? handler, IMethod method)
        where THandler : Delegate =>
        handler ?? throw new InvalidOperationException($"The method '{method.FullName}' was bound without a handler: bind it with an instance of its service.");

    private void Add(RpcMethod method)
    {
        if (!_byPath.TryAdd(method.Path, method))
            throw new InvalidOperationException($"The method '{method.Path}' is bound twice: a service is added once.");
    }
}
