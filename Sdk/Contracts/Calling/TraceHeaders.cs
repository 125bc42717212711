using Grpc.Core;

namespace Plugwire.Calling;

/// <summary>The headers by which a call belongs to a trace. They are what goes on from a call that is handled to those that its handler makes.</summary>
internal static class TraceHeaders
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    // What the trace's origin wants to be known all along it: made to be passed on, and lost if any part of the way does not.
    private const string Baggage = "baggage";

    // The binary form that older gRPC libraries use.
    private const string GrpcTrace = "grpc-trace-bin";

    /// <summary>The headers of a call: the caller's own, and of the handled request's trace what the caller has not set.</summary>
    /// <param name="own">The caller's own; not changed.</param>
    /// <param name="handled">Those of the request whose handler calls.</param>
    public static Metadata? Forward(Metadata? own, Metadata handled)
    {
        Metadata? headers = null;
        for (var i = 0; i < handled.Count; i++)
        {
            var entry = handled[i];
            if (!IsTrace(entry.Key) || IsSet(own, entry.Key))
                continue;

            headers ??= own is null ? [] : Copy(own);
            headers.Add(entry);
        }

        return headers ?? own;
    }

    private static bool IsTrace(string key) => key is TraceParent or TraceState or Baggage or GrpcTrace;

    // A state belongs to its parent: that of another trace is none.
    private static bool IsSet(Metadata? own, string key) =>
        own is not null && (own.Get(key) is not null || (key == TraceState && own.Get(TraceParent) is not null));

    private static Metadata Copy(Metadata own)
    {
        var copy = new Metadata();
        foreach (var entry in own)
            copy.Add(entry);
        return copy;
    }
}
