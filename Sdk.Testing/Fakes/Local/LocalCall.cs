using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Grpc.Core;

namespace Plugwire.Testing.Fakes.Local;

/// <summary>One call, as its caller sees it. It ends once: by its handler, its caller or its deadline, whichever is first.</summary>
internal sealed class LocalCall<TRequest, TResponse> : IAsyncStreamReader<TResponse>, IClientStreamWriter<TRequest>, IDisposable
    where TRequest : class
    where TResponse : class
{
    // As on the wire, a stream has some room, or two sides that both write first would wait for each other for ever.
    private const int Room = 16;

    // A timer takes no more than some 49 days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly TestServerCallContext _context;
    private readonly Channel<byte[]> _requests = NewChannel();
    private readonly Channel<byte[]> _responses = NewChannel();
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancelled;
    private ITimer? _timer;
    private CallEnd? _end;
    private TResponse? _current;
    private int _requestsCompleted;
    private Task? _told;

    [SuppressMessage("Style", "IDE0052", Justification = "The call owns its handler's run, which ends with the handler and never faults.")]
    private Task? _running;

    public LocalCall(Method<TRequest, TResponse> method, string host, CallOptions options, TimeProvider timeProvider)
    {
        _method = method;
        _options = options;
        _timeProvider = timeProvider;
        var headers = new Metadata();
        foreach (var header in options.Headers ?? [])
            headers.Add(header);
        _context = new TestServerCallContext(method.FullName, host, "local:", options.Deadline, headers) { OnHeaders = TellHeaders };
    }

    public Task<Metadata> Headers => _headers.Task;

    public Status Status => Ended.Status;

    public Metadata Trailers => Ended.Trailers;

    public TResponse Current => _current ?? throw new InvalidOperationException("There is no current message: MoveNext has not answered true.");

    public WriteOptions? WriteOptions { get; set; }

    private CallEnd Ended => Volatile.Read(ref _end) ?? throw new InvalidOperationException("The call has not ended: it has no status and no trailers yet.");

    /// <param name="handler">Called in here, and expected to give the thread back soon.</param>
    /// <param name="request">The one request; null where there is a stream of them.</param>
    public void Start(CallHandler<TRequest, TResponse> handler, TRequest? request)
    {
        if (request is not null)
        {
            _requests.Writer.TryWrite(MessageBytes.Write(_method.RequestMarshaller, request));
            _requests.Writer.TryComplete();
        }

        if (_options.CancellationToken.IsCancellationRequested)
        {
            Cancel();
            return;
        }

        if (_options.Deadline is { } deadline && deadline != DateTime.MaxValue && !TryArm(deadline.ToUniversalTime()))
            return;
        _cancelled = _options.CancellationToken.UnsafeRegister(static call => ((LocalCall<TRequest, TResponse>)call!).Cancel(), this);

        _running = RunAsync(handler);
    }

    public async Task<TResponse> ReadOneAsync()
    {
        if (!await MoveNext(CancellationToken.None).ConfigureAwait(false))
            throw new RpcException(new Status(StatusCode.Internal, $"The handler of {_method.FullName} ended well without a response."));
        var response = Current;
        return await MoveNext(CancellationToken.None).ConfigureAwait(false)
            ? throw new RpcException(new Status(StatusCode.Internal, $"The handler of {_method.FullName} gave more than one response."))
            : response;
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = null;
        var cancelled = cancellationToken.UnsafeRegister(static call => ((LocalCall<TRequest, TResponse>)call!).Cancel(), this);
        await using var unregister = cancelled.ConfigureAwait(false);
        do
        {
            if (Volatile.Read(ref _end) is { IsCallers: true } cut)
                throw cut.ToException();
            if (_responses.Reader.TryRead(out var response))
            {
                _current = MessageBytes.Read(_method.ResponseMarshaller, response);
                return true;
            }
        }
        while (await _responses.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false));
        return Ended.Status.StatusCode == StatusCode.OK ? false : throw Ended.ToException();
    }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Volatile.Read(ref _requestsCompleted) != 0)
            throw new InvalidOperationException("The requests have been completed: nothing may be written after CompleteAsync.");
        try
        {
            await _requests.Writer.WriteAsync(MessageBytes.Write(_method.RequestMarshaller, message), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw Ended.ToException();
        }
    }

    public Task CompleteAsync()
    {
        Volatile.Write(ref _requestsCompleted, 1);
        _requests.Writer.TryComplete();
        return Task.CompletedTask;
    }

    public void Dispose() => Cancel();

    private static Channel<byte[]> NewChannel() => Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Room) { SingleReader = true });

    private async Task RunAsync(CallHandler<TRequest, TResponse> handler)
    {
        Exception? thrown = null;
        try
        {
            await handler(new Requests(this), new Responses(this), _context).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            thrown = failure;
        }

        End(CallEnd.OfHandler(_context, thrown));
        if (Volatile.Read(ref _told) is { } told)
            await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool TryArm(DateTime deadline)
    {
        var left = deadline - _timeProvider.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
        {
            Cut(new Status(StatusCode.DeadlineExceeded, "The call's deadline has passed."), CallCancellation.Deadline);
            return false;
        }

        _timer = _timeProvider.CreateTimer(static call => ((LocalCall<TRequest, TResponse>)call!).OnTimer(), this, Least(left), Timeout.InfiniteTimeSpan);
        return true;
    }

    private void OnTimer()
    {
        var left = _options.Deadline!.Value.ToUniversalTime() - _timeProvider.GetUtcNow().UtcDateTime;
        if (left <= TimeSpan.Zero)
            Cut(new Status(StatusCode.DeadlineExceeded, "The call's deadline has passed."), CallCancellation.Deadline);
        else
            _timer?.Change(Least(left), Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Least(TimeSpan left) => left < LongestTimer ? left : LongestTimer;

    private void Cancel() => Cut(new Status(StatusCode.Cancelled, "The caller cancelled the call."), CallCancellation.Caller);

    private void Cut(Status status, CallCancellation reason)
    {
        if (!End(new CallEnd(status, [], IsCallers: true)))
            return;

        // What hangs on the handler's token is the handler's, and runs on the pool.
        Volatile.Write(ref _told, _context.CancelAsync(reason));
    }

    private bool End(CallEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, end, null) is not null)
            return false;

        _timer?.Dispose();
        _cancelled.Unregister();
        if (end.IsCallers)
        {
            if (_headers.TrySetException(end.ToException()))
                _ = _headers.Task.Exception;
        }
        else
        {
            _headers.TrySetResult([]);
        }

        _requests.Writer.TryComplete();
        _responses.Writer.TryComplete();
        return true;
    }

    private void TellHeaders() => _headers.TrySetResult(_context.ResponseHeaders!);

    private OperationCanceledException Over() => new("The call is over: its caller takes no more messages.", _context.CancellationToken);

    private sealed class Requests(LocalCall<TRequest, TResponse> call) : IAsyncStreamReader<TRequest>
    {
        private TRequest? _current;

        public TRequest Current => _current ?? throw new InvalidOperationException("There is no current message: MoveNext has not answered true.");

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            _current = null;
            do
            {
                if (Volatile.Read(ref call._end) is not null)
                    throw call.Over();
                if (call._requests.Reader.TryRead(out var request))
                {
                    _current = MessageBytes.Read(call._method.RequestMarshaller, request);
                    return true;
                }
            }
            while (await call._requests.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
            return Volatile.Read(ref call._end) is null ? false : throw call.Over();
        }
    }

    private sealed class Responses(LocalCall<TRequest, TResponse> call) : IServerStreamWriter<TResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(TResponse message, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(message);
            call._headers.TrySetResult([]);
            try
            {
                await call._responses.Writer.WriteAsync(MessageBytes.Write(call._method.ResponseMarshaller, message), cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                throw call.Over();
            }
        }
    }
}
