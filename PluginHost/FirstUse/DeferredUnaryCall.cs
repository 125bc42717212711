using Grpc.Core;

namespace Plugwire.Hosting.FirstUse;

/// <summary>One request, one answer.</summary>
internal static class DeferredUnaryCall
{
    public static AsyncUnaryCall<TResponse> Begin<TResponse>(
        DeferredStart start, IMethod method, CallOptions options, Func<CallInvoker, CallOptions, AsyncUnaryCall<TResponse>> begin)
    {
        var call = DeferredCall<AsyncUnaryCall<TResponse>>.Begin(start, method, options, begin);
        return new AsyncUnaryCall<TResponse>(
            call.ToTheEndAsync(static begun => begun.ResponseAsync),
            DeferredTask.Of(call.Begun, static begun => begun.ResponseHeadersAsync),
            () => call.Ask(static begun => begun.GetStatus(), static status => status),
            () => call.Ask(static begun => begun.GetTrailers(), static _ => []),
            call.End);
    }
}
