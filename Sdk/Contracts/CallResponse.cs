using Grpc.Core;

namespace Plugwire;

/// <summary>
/// What travels back beside a call's messages. A handler finds it in <see cref="CallContext.Response"/> and writes it. A caller who wants to read it passes
/// a new one in, for one call, and reads it afterwards. For one thread at a time.
/// </summary>
public sealed class CallResponse
{
    private Metadata? _headers;
    private Metadata? _trailers;

    /// <summary>Makes one for a caller to pass in.</summary>
    public CallResponse()
    {
    }

    internal CallResponse(ServerCallContext server) => Server = server;

    /// <summary>
    /// The response's headers. A handler fills them before its first message, with which they leave. A caller finds them filled when the first message, or the
    /// call's end, has come.
    /// </summary>
    public Metadata Headers
    {
        get => _headers ??= [];
        internal set => _headers = value;
    }

    /// <summary>The response's trailers. A handler may fill them until it returns; a caller finds them filled when the call has ended.</summary>
    public Metadata Trailers
    {
        get => Server?.ResponseTrailers ?? (_trailers ??= []);
        internal set => _trailers = value;
    }

    /// <summary>
    /// The call's status: for a caller, when the call has ended, and null until then. A handler may set a detail here that goes with OK; it fails
    /// a call by throwing.
    /// </summary>
    public Status? Status { get; internal set; }

    internal ServerCallContext? Server { get; }

    internal bool HasHeaders => _headers is { Count: > 0 };
}
