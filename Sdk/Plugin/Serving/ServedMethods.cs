using Grpc.Core;

namespace Plugwire.Serving;

/// <summary>Passes methods on to the server's table and keeps the names of the services they belong to.</summary>
internal sealed class ServedMethods(ServiceBinderBase table) : ServiceBinderBase
{
    private readonly SortedSet<string> _serviceNames = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> ServiceNames => _serviceNames;

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        _serviceNames.Add(method.ServiceName);
        table.AddMethod(method, handler);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        _serviceNames.Add(method.ServiceName);
        table.AddMethod(method, handler);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        _serviceNames.Add(method.ServiceName);
        table.AddMethod(method, handler);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        _serviceNames.Add(method.ServiceName);
        table.AddMethod(method, handler);
    }
}
