using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>A stream each way.</summary>
internal static class DeferredDuplexStreamingCall
{
    public static AsyncDuplexStreamingCall<TRequest, TResponse> Begin<TRequest, TResponse>(
        DeferredPeer peer, IMethod method, CallOptions options, Func<CallInvoker, CallOptions, AsyncDuplexStreamingCall<TRequest, TResponse>> begin)
    {
        var call = DeferredCall<AsyncDuplexStreamingCall<TRequest, TResponse>>.Begin(peer, method, options, begin);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new DeferredStreamWriter<TRequest>(DeferredTask.From(call.Begun, static begun => begun.RequestStream), call.End, options.WriteOptions),
            new DeferredStreamReader<TResponse>(DeferredTask.From(call.Begun, static begun => begun.ResponseStream), call.End),
            DeferredTask.Of(call.Begun, static begun => begun.ResponseHeadersAsync),
            () => call.Ask(static begun => begun.GetStatus(), static status => status),
            () => call.Ask(static begun => begun.GetTrailers(), static _ => []),
            call.End);
    }
}
