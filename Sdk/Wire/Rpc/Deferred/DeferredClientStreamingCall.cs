using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>A stream of requests, one answer.</summary>
internal static class DeferredClientStreamingCall
{
    public static AsyncClientStreamingCall<TRequest, TResponse> Begin<TRequest, TResponse>(
        DeferredPeer peer, IMethod method, CallOptions options, Func<CallInvoker, CallOptions, AsyncClientStreamingCall<TRequest, TResponse>> begin)
    {
        var call = DeferredCall<AsyncClientStreamingCall<TRequest, TResponse>>.Begin(peer, method, options, begin);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            new DeferredStreamWriter<TRequest>(DeferredTask.From(call.Begun, static begun => begun.RequestStream), call.End, options.WriteOptions),
            call.ToTheEndAsync(static begun => begun.ResponseAsync),
            DeferredTask.Of(call.Begun, static begun => begun.ResponseHeadersAsync),
            () => call.Ask(static begun => begun.GetStatus(), static status => status),
            () => call.Ask(static begun => begun.GetTrailers(), static _ => []),
            call.End);
    }
}
