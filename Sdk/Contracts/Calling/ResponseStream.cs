using System.Runtime.ExceptionServices;
using Grpc.Core;
using Plugwire.Streaming;

namespace Plugwire.Calling;

/// <summary>The responses of one call to its caller. The call begins with the first read, and is over with the last one or with the disposal, whichever is first.</summary>
internal sealed class ResponseStream<TRequest, TResponse> : MessageStream<TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly CallInvoker _invoker;
    private readonly Method<TRequest, TResponse> _method;
    private readonly TRequest? _request;
    private readonly IAsyncEnumerable<TRequest>? _requests;
    private readonly CallContext _context;
    private readonly CancellationToken _passed;
    private readonly TimeProvider _timeProvider;
    private CallTokens _tokens;
    private LinkedCancellation? _link;
    private IDisposable? _call;
    private IAsyncStreamReader<TResponse>? _responses;
    private RequestPump<TRequest>? _pump;
    private ResponseReading? _reading;
    private bool _mustReadHeaders;
    private int _isOver;

    /// <summary>Of a call with one request.</summary>
    public ResponseStream(CallInvoker invoker, Method<TRequest, TResponse> method, TRequest request, in CallContext context, TimeProvider timeProvider, CancellationToken passed)
        : this(invoker, method, context, timeProvider, passed) => _request = request;

    /// <summary>Of a call with a stream of requests.</summary>
    public ResponseStream(
        CallInvoker invoker, Method<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, in CallContext context, TimeProvider timeProvider, CancellationToken passed)
        : this(invoker, method, context, timeProvider, passed) => _requests = requests;

    private ResponseStream(CallInvoker invoker, Method<TRequest, TResponse> method, in CallContext context, TimeProvider timeProvider, CancellationToken passed)
    {
        _invoker = invoker;
        _method = method;
        _context = context;
        _passed = passed;
        _timeProvider = timeProvider;
    }

    protected override string TakenTwice =>
        $"The responses of this call of {_method.FullName} are being enumerated, or have been: each enumeration is one call. Call the method again.";

    protected override bool IsOver => Volatile.Read(ref _isOver) != 0;

    protected override bool MustSettle => _mustReadHeaders;

    protected override TResponse Message => _responses!.Current;

    // The call ends here and at once; only an enumerable of requests that is slow to end takes a moment.
    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0 || _call is null)
            return ValueTask.CompletedTask;

        _call.Dispose();
        _reading?.ReadAbandoned();
        if (_pump is not null)
            return new ValueTask(_pump.StopAsync());

        _link?.Release();
        return ValueTask.CompletedTask;
    }

    protected override void OnTaken(CancellationToken cancellationToken) =>
        _tokens = new CallTokens(_passed, cancellationToken, _context.Handled?.Server!.CancellationToken ?? default);

    protected override Task<bool> ReadNextAsync()
    {
        if (_responses is null)
            Begin();
        return _responses!.MoveNext(CancellationToken.None);
    }

    protected override async Task<bool> SettleAsync(Task<bool> moving)
    {
        Exception? failure = null;
        try
        {
            if (await moving.ConfigureAwait(false))
            {
                _mustReadHeaders = false;
                await _reading!.ReadHeadersAsync().ConfigureAwait(false);
                return true;
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await EndAsync(failure).ConfigureAwait(false);
        return false;
    }

    private void Begin()
    {
        var cancellationToken = _tokens.One;
        if (_requests is not null || !_tokens.AreOne)
        {
            _link = _tokens.Link();
            cancellationToken = _link.Token;
        }

        var options = OutgoingOptions.Create(_context, _timeProvider, cancellationToken);
        if (_requests is null)
        {
            var call = _invoker.AsyncServerStreamingCall(_method, host: null, options, _request!);
            _call = call;
            _responses = call.ResponseStream;
            if (_context.OwnResponse is { } response)
                ReadInto(response, call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers);
        }
        else
        {
            var call = _invoker.AsyncDuplexStreamingCall(_method, host: null, options);
            _call = call;
            _responses = call.ResponseStream;
            if (_context.OwnResponse is { } response)
                ReadInto(response, call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers);
            _pump = new RequestPump<TRequest>(_requests, call.RequestStream, call, call.GetStatus, _tokens, _link!, _timeProvider);
            _pump.Start();
        }
    }

    private void ReadInto(CallResponse response, Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers)
    {
        response.Begin();
        _reading = new ResponseReading(response, headers, status, trailers);
        _mustReadHeaders = true;
    }

    private async Task EndAsync(Exception? failure)
    {
        // The call was disposed of while this read was under way: then all this has been done.
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            if (_pump is not null)
                await _pump.StopAsync().ConfigureAwait(false);
            if (_reading is not null)
                await _reading.ReadEndAsync(failure).ConfigureAwait(false);
            _call?.Dispose();
            _link?.Release();
        }

        if (CallFailure.Told(failure, _pump?.Failure, _tokens) is { } told)
            ExceptionDispatchInfo.Throw(told);
    }
}
