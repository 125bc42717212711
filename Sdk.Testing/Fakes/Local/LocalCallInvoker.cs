using Grpc.Core;

namespace Plugwire.Testing.Fakes.Local;

/// <summary>
/// Calls that never leave the process: client and handler are where they would be on the wire, with copies of messages and headers between them. Needs no disposal: nothing lives longer than its call.
/// </summary>
internal abstract class LocalCallInvoker(TimeProvider timeProvider) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        // The handler runs on the pool, and nothing that the caller holds is waited for.
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Start(method, host, options, request);
        return new AsyncUnaryCall<TResponse>(call.ReadOneAsync(), call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Start(method, host, options, request);
        return new AsyncServerStreamingCall<TResponse>(call, call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Start(method, host, options, null);
        return new AsyncClientStreamingCall<TRequest, TResponse>(call, call.ReadOneAsync(), call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Start(method, host, options, null);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(call, call, call.Headers, () => call.Status, () => call.Trailers, call.Dispose);
    }

    /// <summary>What handles calls of a method.</summary>
    protected abstract CallHandler<TRequest, TResponse> HandlerOf<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class;

    private LocalCall<TRequest, TResponse> Start<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest? request)
        where TRequest : class
        where TResponse : class
    {
        var call = new LocalCall<TRequest, TResponse>(method, host ?? "localhost", options, timeProvider);
        call.Start(HandlerOf(method), request);
        return call;
    }
}
