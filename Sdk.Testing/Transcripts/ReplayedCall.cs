using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Plugwire.Testing.Expecting;

namespace Plugwire.Testing.Transcripts;

/// <summary>One call that is answered from a transcript.</summary>
internal sealed class ReplayedCall(TranscriptReplay replay, TranscriptCall call, TranscriptOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<TranscriptLine> _requests = [.. call.Requests.Where(line => line.Kind != LineKind.Header)];
    private readonly List<TranscriptLine> _responses = [.. call.Responses.Where(line => line.Kind is LineKind.Response or LineKind.Status or LineKind.Cancel)];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requestsTaken;
    private int _responsesGiven;
    private volatile bool _isEnded;
    private volatile ExpectationException? _deviation;

    /// <summary>The line that is still to happen; null when all has.</summary>
    public TranscriptLine? NextLine
    {
        get
        {
            lock (_gate)
            {
                var request = _requestsTaken < _requests.Count ? _requests[_requestsTaken] : null;
                var response = _responsesGiven < _responses.Count && _responses[_responsesGiven].Kind == LineKind.Response ? _responses[_responsesGiven] : null;
                return request is null ? response : response is null || call.Lines.IndexOf(request) < call.Lines.IndexOf(response) ? request : response;
            }
        }
    }

    /// <exception cref="ExpectationException">The caller's headers are others.</exception>
    public void TakeHeaders(Metadata? headers)
    {
        foreach (var line in call.Requests.Where(line => line.Kind == LineKind.Header))
        {
            var (key, value) = HeaderLine.Read(line);
            var found = headers?.Get(key) is { } entry ? entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value : null;
            if (found != value)
                throw Differs(line, found is null ? "no such header" : $"the value {TranscriptMessages.Quote(found)}");
        }
    }

    public void Take(object request) => TakeJson(options.Messages.ToJson(request));

    /// <exception cref="ExpectationException">The request is another.</exception>
    public void TakeJson(string json)
    {
        var line = Next();
        var value = options.Normalize?.Invoke(LineKind.Request, json) ?? json;
        if (line is null)
            throw Deviates($"The caller sends {value} in call {call.Start.Call}, {call.Method}, and the transcript has no further request of it.");
        if (line.Kind != LineKind.Request || line.Value != value)
            throw Differs(line, value);
        Move();
    }

    /// <exception cref="ExpectationException">There should be further requests.</exception>
    public void TakeEnd()
    {
        var line = Next();
        if (line is { Kind: LineKind.EndOfRequests })
            Move();
        else if (line is not null)
            throw Differs(line, "the end of the requests");
    }

    public async Task<TResponse> AnswerAsync<TResponse>(Marshaller<TResponse> marshaller)
        where TResponse : class
    {
        var answer = await NextAsync(marshaller, CancellationToken.None).ConfigureAwait(false);
        if (answer is not null)
            await NextAsync(marshaller, CancellationToken.None).ConfigureAwait(false);
        return answer ?? throw new RpcException(new Status(StatusCode.Internal, "The transcript has no response of this call."));
    }

    /// <summary>The next response, when the requests have come that stand before it.</summary>
    /// <returns>Null at the end.</returns>
    /// <exception cref="RpcException">The call failed when it was recorded.</exception>
    public async Task<TResponse?> NextAsync<TResponse>(Marshaller<TResponse> marshaller, CancellationToken cancellationToken)
        where TResponse : class
    {
        TranscriptLine line;
        lock (_gate)
        {
            if (_responsesGiven == _responses.Count)
                return null;
            line = _responses[_responsesGiven];
        }

        var before = line.Kind == LineKind.Cancel ? int.MaxValue : _requests.Count(request => call.Lines.IndexOf(request) < call.Lines.IndexOf(line));
        while (Waiting(before) is { } moved)
        {
            await Expectation.MetAsync(
                Task.WhenAny(moved, _over.Task), Expectation.Limit,
                () => string.Create(CultureInfo.InvariantCulture, $"The caller was expected to go on with {Next()?.ToString() ?? "letting the call go"} before it gets line {line.Number} of the transcript: {line}."), cancellationToken).ConfigureAwait(false);
            if (_deviation is not null)
                throw _deviation;
            if (_over.Task.IsCompleted)
                throw new RpcException(new Status(StatusCode.Cancelled, "The caller has let the call go."));
        }

        if (line.Kind == LineKind.Response)
        {
            var response = Read(line, marshaller);
            lock (_gate)
                _responsesGiven++;
            return response;
        }

        _isEnded = true;
        lock (_gate)
            _responsesGiven++;
        var status = GetStatus();
        return status.StatusCode == StatusCode.OK ? null : throw new RpcException(status, GetTrailers());
    }

    public Task<Metadata> HeadersAsync() => Task.FromResult(MetadataOf(LineKind.ResponseHeader));

    public Status GetStatus()
    {
        if (!_isEnded)
            throw new InvalidOperationException("The call has not ended: it has no status yet.");
        if (call.Responses is not [.., { Kind: LineKind.Status } line])
            return new Status(StatusCode.Cancelled, "The caller has let the call go.");

        var words = line.Value.Split(' ', 2);
        return Enum.TryParse<StatusCode>(words[0], out var code)
            ? new Status(code, words.Length > 1 ? TranscriptMessages.Unquote(words[1]) : "")
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Line {line.Number} of the transcript, '{line}', has no status of gRPC."));
    }

    public Metadata GetTrailers() => _isEnded ? MetadataOf(LineKind.Trailer) : throw new InvalidOperationException("The call has not ended: it has no trailers yet.");

    /// <summary>The caller lets it go.</summary>
    public void Dispose()
    {
        _isEnded = true;
        _over.TrySetResult();
    }

    private TResponse Read<TResponse>(TranscriptLine line, Marshaller<TResponse> marshaller)
        where TResponse : class
    {
        // A message without fields is no bytes: that is how one comes to the type that only the caller knows.
        var empty = marshaller.ContextualDeserializer(new NoBytes());
        try
        {
            return empty is IMessage known
                ? (TResponse)options.Messages.FromJson(line.Value, known.Descriptor)
                : throw new NotSupportedException($"A transcript holds messages of Protocol Buffers, and {typeof(TResponse)} is none.");
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Line {line.Number} of the transcript, '{line}', has no {typeof(TResponse).Name}: {failure.Message}"), failure);
        }
    }

    private Metadata MetadataOf(string kind)
    {
        var metadata = new Metadata();
        foreach (var (key, value) in call.Responses.Where(line => line.Kind == kind).Select(HeaderLine.Read))
        {
            if (key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
                metadata.Add(key, Convert.FromBase64String(value));
            else
                metadata.Add(key, value);
        }

        return metadata;
    }

    private TranscriptLine? Next()
    {
        lock (_gate)
            return _requestsTaken < _requests.Count ? _requests[_requestsTaken] : null;
    }

    private void Move()
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            _requestsTaken++;
            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        moved.SetResult();
    }

    private Task? Waiting(int requests)
    {
        lock (_gate)
            return _requestsTaken < requests ? _moved.Task : null;
    }

    private ExpectationException Differs(TranscriptLine expected, string found) =>
        Deviates(string.Create(CultureInfo.InvariantCulture, $"Expected was line {expected.Number} of the transcript: {expected}. Found: {found}."));

    // Both sides of the call hear of it: who waits for an answer shall not wait for ever.
    private ExpectationException Deviates(string message)
    {
        _deviation = replay.Deviation(message);
        _over.TrySetResult();
        return _deviation;
    }

    private sealed class NoBytes : DeserializationContext
    {
        public override int PayloadLength => 0;

        public override byte[] PayloadAsNewBuffer() => [];

        public override System.Buffers.ReadOnlySequence<byte> PayloadAsReadOnlySequence() => System.Buffers.ReadOnlySequence<byte>.Empty;
    }
}
