using Grpc.Core;

namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>One request, one answer.</summary>
internal static class DeferredUnaryCall
{
    public static AsyncUnaryCall<TResponse> Begin<TResponse>(
        DeferredPeer peer, IMethod method, CallOptions options, Func<CallInvoker, CallOptions, AsyncUnaryCall<TResponse>> begin)
    {
        var call = DeferredCall<AsyncUnaryCall<TResponse>>.Begin(peer, method, options, begin);
        return new AsyncUnaryCall<TResponse>(
            call.ToTheEndAsync(static begun => begun.ResponseAsync),
            DeferredTask.Of(call.Begun, static begun => begun.ResponseHeadersAsync),
            () => call.Ask(static begun => begun.GetStatus(), static status => status),
            () => call.Ask(static begun => begun.GetTrailers(), static _ => []),
            call.End);
    }
}
