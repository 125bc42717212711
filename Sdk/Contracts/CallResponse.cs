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
    private EndStatus? _status;
    private bool _headersSent;

    /// <summary>Makes one for a caller to pass in.</summary>
    public CallResponse()
    {
    }

    internal CallResponse(ServerCallContext server) => Server = server;

    /// <summary>
    /// The response's headers. A handler fills them before its first message, with which they leave, or before it calls <see cref="SendHeadersAsync"/>; what is added
    /// later does not travel. A caller finds them filled when the first message, or the call's end, has come.
    /// </summary>
    public Metadata Headers => _headers ??= [];

    /// <summary>The response's trailers. A handler may fill them until it returns; a caller finds them filled when the call has ended.</summary>
    public Metadata Trailers => Server?.ResponseTrailers ?? (_trailers ??= []);

    /// <summary>
    /// For a caller: how the call has ended; null until then. Always null for a handler, which ends a call well by returning, and fails it by throwing.
    /// </summary>
    public Status? Status => _status?.Value;

    /// <summary>
    /// A text that goes with the status. A handler may set one to go with OK; that of a failure comes with what it throws. A caller reads it when the call has
    /// ended; null until then.
    /// </summary>
    /// <exception cref="InvalidOperationException">A caller sets it.</exception>
    public string? StatusDetail
    {
        get => Server is null ? _status?.Value.Detail : Server.Status.Detail;
        set => Handled(nameof(StatusDetail)).Status = new Status(StatusCode.OK, value ?? "");
    }

    /// <summary>
    /// For a handler: sends the headers now, rather than with the first message, so that the caller has them while it waits.
    /// </summary>
    /// <returns>A task that ends when they are on their way.</returns>
    /// <exception cref="InvalidOperationException">They have left already, or this is a caller's.</exception>
    public Task SendHeadersAsync()
    {
        var server = Handled(nameof(SendHeadersAsync));
        if (_headersSent)
            throw new InvalidOperationException("The response's headers have left already: by SendHeadersAsync, or with the first message.");

        _headersSent = true;
        return server.WriteResponseHeadersAsync(Headers);
    }

    internal ServerCallContext? Server { get; }

    // Whether a handler has set headers that must go before what comes next.
    internal bool HasUnsentHeaders => !_headersSent && _headers is { Count: > 0 };

    internal void NoteMessageSent() => _headersSent = true;

    // A caller's, from here on.
    internal void Begin()
    {
        _headers = null;
        _trailers = null;
        _status = null;
    }

    internal void ReadHeaders(Metadata headers) => _headers = headers;

    internal void ReadEnd(Status status, Metadata? trailers)
    {
        _trailers = trailers;
        _status = new EndStatus(status);
    }

    private ServerCallContext Handled(string member) => Server ?? throw new InvalidOperationException(
        $"{member} is for the handler of a call, in CallContext.Response. This CallResponse was made by a caller, who reads what has come.");

    // In an object of its own: a handler, which needs none, has one of these for each call.
    private sealed record EndStatus(Status Value);
}
