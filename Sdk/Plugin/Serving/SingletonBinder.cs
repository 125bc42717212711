using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Plugwire.Serving;

/// <summary>Adds the methods of an instance that serves all calls: bound once, nothing is made per call.</summary>
internal sealed class SingletonBinder(ServiceBinderBase methods, Interceptor[] interceptors) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        methods.AddMethod(method, InterceptorChain.Around(interceptors, handler!));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        methods.AddMethod(method, InterceptorChain.Around(interceptors, handler!));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        methods.AddMethod(method, InterceptorChain.Around(interceptors, handler!));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        methods.AddMethod(method, InterceptorChain.Around(interceptors, handler!));
}
