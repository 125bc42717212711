using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>The calls to a peer that may not be there yet: each waits for it, and from then on is the peer's own call. Once the peer is there, they are that at once.</summary>
internal sealed class DeferredCallInvoker(DeferredPeer peer) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        if (peer.Ready is { } ready)
            return ready.BlockingUnaryCall(method, host, options, request);

        // Blocking is what its caller has asked for.
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        peer.Ready is { } ready ? ready.AsyncUnaryCall(method, host, options, request) : Defer(method, host, options, request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        peer.Ready is { } ready ? ready.AsyncServerStreamingCall(method, host, options, request) : DeferServerStreaming(method, host, options, request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        peer.Ready is { } ready ? ready.AsyncClientStreamingCall(method, host, options) : DeferClientStreaming(method, host, options);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        peer.Ready is { } ready ? ready.AsyncDuplexStreamingCall(method, host, options) : DeferDuplexStreaming(method, host, options);

    // Methods of their own, because of the closures: a call that need not wait is not to pay for them.
    private AsyncUnaryCall<TResponse> Defer<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class =>
        DeferredUnaryCall.Begin(peer, method, options, (invoker, admitted) => invoker.AsyncUnaryCall(method, host, admitted, request));

    private AsyncServerStreamingCall<TResponse> DeferServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class =>
        DeferredServerStreamingCall.Begin(peer, method, options, (invoker, admitted) => invoker.AsyncServerStreamingCall(method, host, admitted, request));

    private AsyncClientStreamingCall<TRequest, TResponse> DeferClientStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class =>
        DeferredClientStreamingCall.Begin(peer, method, options, (invoker, admitted) => invoker.AsyncClientStreamingCall(method, host, admitted));

    private AsyncDuplexStreamingCall<TRequest, TResponse> DeferDuplexStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class =>
        DeferredDuplexStreamingCall.Begin(peer, method, options, (invoker, admitted) => invoker.AsyncDuplexStreamingCall(method, host, admitted));
}
