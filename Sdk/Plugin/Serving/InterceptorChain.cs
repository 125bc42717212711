using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Plugwire.Serving;

/// <summary>Wraps a handler in interceptors; the first is the outermost.</summary>
internal static class InterceptorChain
{
    public static UnaryServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        Interceptor[] interceptors, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        for (var i = interceptors.Length - 1; i >= 0; i--)
        {
            var (interceptor, next) = (interceptors[i], handler);
            handler = (request, context) => interceptor.UnaryServerHandler(request, context, next);
        }

        return handler;
    }

    public static ClientStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        Interceptor[] interceptors, ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        for (var i = interceptors.Length - 1; i >= 0; i--)
        {
            var (interceptor, next) = (interceptors[i], handler);
            handler = (requests, context) => interceptor.ClientStreamingServerHandler(requests, context, next);
        }

        return handler;
    }

    public static ServerStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        Interceptor[] interceptors, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        for (var i = interceptors.Length - 1; i >= 0; i--)
        {
            var (interceptor, next) = (interceptors[i], handler);
            handler = (request, responses, context) => interceptor.ServerStreamingServerHandler(request, responses, context, next);
        }

        return handler;
    }

    public static DuplexStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        Interceptor[] interceptors, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        for (var i = interceptors.Length - 1; i >= 0; i--)
        {
            var (interceptor, next) = (interceptors[i], handler);
            handler = (requests, responses, context) => interceptor.DuplexStreamingServerHandler(requests, responses, context, next);
        }

        return handler;
    }
}
