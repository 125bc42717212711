using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>One request, a stream of answers.</summary>
internal static class DeferredServerStreamingCall
{
    public static AsyncServerStreamingCall<TResponse> Begin<TResponse>(
        DeferredPeer peer, IMethod method, CallOptions options, Func<CallInvoker, CallOptions, AsyncServerStreamingCall<TResponse>> begin)
    {
        var call = DeferredCall<AsyncServerStreamingCall<TResponse>>.Begin(peer, method, options, begin);
        return new AsyncServerStreamingCall<TResponse>(
            new DeferredStreamReader<TResponse>(DeferredTask.From(call.Begun, static begun => begun.ResponseStream), call.End),
            DeferredTask.Of(call.Begun, static begun => begun.ResponseHeadersAsync),
            () => call.Ask(static begun => begun.GetStatus(), static status => status),
            () => call.Ask(static begun => begun.GetTrailers(), static _ => []),
            call.End);
    }
}
