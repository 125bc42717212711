using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>The way of a call into the wire: one method for each kind, all of the same shape.</summary>
internal sealed class RpcCallInvoker(Http2Connection connection, RpcClientOptions options) : CallInvoker
{
    private readonly RequestHeaders _headers = new(options.Authority);

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions callOptions, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, callOptions, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions callOptions, TRequest request)
    {
        var call = Create(method, callOptions);
        call.StartWith(request, _headers, host);
        return new AsyncUnaryCall<TResponse>(
            call.ResponseAsync, static state => ((IClientCall)state).ResponseHeadersAsync, static state => ((IClientCall)state).Status,
            static state => ((IClientCall)state).Trailers, static state => ((IClientCall)state).Dispose(), call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions callOptions, TRequest request)
    {
        var call = Create(method, callOptions);
        call.StartWith(request, _headers, host);
        return new AsyncServerStreamingCall<TResponse>(
            new RpcStreamReader<TResponse>(call), static state => ((IClientCall)state).ResponseHeadersAsync, static state => ((IClientCall)state).Status,
            static state => ((IClientCall)state).Trailers, static state => ((IClientCall)state).Dispose(), call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions callOptions)
    {
        var call = Create(method, callOptions);
        call.Start(_headers, host);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            new ClientStreamWriter<TRequest, TResponse>(call), call.ResponseAsync, static state => ((IClientCall)state).ResponseHeadersAsync,
            static state => ((IClientCall)state).Status, static state => ((IClientCall)state).Trailers, static state => ((IClientCall)state).Dispose(), call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions callOptions)
    {
        var call = Create(method, callOptions);
        call.Start(_headers, host);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new ClientStreamWriter<TRequest, TResponse>(call), new RpcStreamReader<TResponse>(call),
            static state => ((IClientCall)state).ResponseHeadersAsync, static state => ((IClientCall)state).Status,
            static state => ((IClientCall)state).Trailers, static state => ((IClientCall)state).Dispose(), call);
    }

    private ClientCall<TRequest, TResponse> Create<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions callOptions)
        where TRequest : class
        where TResponse : class
    {
        if (callOptions.Credentials is not null)
            throw new InvalidOperationException("Call credentials are sent on connections with TLS only; this one has none. Pass what the plugin needs as metadata.");
        return new ClientCall<TRequest, TResponse>(connection, method, callOptions, options);
    }
}
