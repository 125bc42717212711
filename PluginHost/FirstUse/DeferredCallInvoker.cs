using Grpc.Core;

namespace Plugwire.Hosting.FirstUse;

/// <summary>The calls to a plugin that may not run yet: each waits for its start, and from then on is the plugin's own call.</summary>
internal sealed class DeferredCallInvoker(DeferredStart start) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        if (start.Running is { } running)
            return running.BlockingUnaryCall(method, host, options, request);

        // Blocking is what its caller has asked for.
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        start.Running is { } running
            ? running.AsyncUnaryCall(method, host, options, request)
            : DeferredUnaryCall.Begin(start, method, options, (invoker, admitted) => invoker.AsyncUnaryCall(method, host, admitted, request));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        start.Running is { } running
            ? running.AsyncServerStreamingCall(method, host, options, request)
            : DeferredServerStreamingCall.Begin(start, method, options, (invoker, admitted) => invoker.AsyncServerStreamingCall(method, host, admitted, request));

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        start.Running is { } running
            ? running.AsyncClientStreamingCall(method, host, options)
            : DeferredClientStreamingCall.Begin(start, method, options, (invoker, admitted) => invoker.AsyncClientStreamingCall(method, host, admitted));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        start.Running is { } running
            ? running.AsyncDuplexStreamingCall(method, host, options)
            : DeferredDuplexStreamingCall.Begin(start, method, options, (invoker, admitted) => invoker.AsyncDuplexStreamingCall(method, host, admitted));
}
