using System.Globalization;
using Grpc.Core;
using Plugwire.Testing.Transcripts;

namespace Plugwire.Testing;

/// <summary>
/// The plugin's side of a recorded conversation: answers each call as it is recorded, responses when the requests have come that stand before them. A caller that says something else gets an
/// <see cref="ExpectationException"/> where it says it. Calls are made in the order of the transcript, but those that were open at the same time in any. Give it to what calls a plugin: by
/// <see cref="GetContract{TContract}"/>, or a classic client's constructor. Safe for use by several threads.
/// </summary>
public sealed class TranscriptReplay : CallInvoker
{
    private readonly Lock _gate = new();
    private readonly TranscriptOptions _options;
    private readonly List<TranscriptCall> _left;
    private readonly List<ReplayedCall> _begun = [];
    private Exception? _deviation;

    internal TranscriptReplay(IEnumerable<TranscriptCall> calls, TranscriptOptions options)
    {
        _left = [.. calls.Where(static call => call.Parent is null)];
        _options = options;
    }

    /// <summary>A typed contract of the replayed plugin.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    public TContract GetContract<TContract>()
        where TContract : class, IContract<TContract> => TContract.Definition.CreateClient(this);

    /// <summary>That all recorded calls have been made, that all requests have come and all answers have been taken, and that nothing else was said.</summary>
    /// <exception cref="ExpectationException">Something is missing, or something else was said: names the transcript's line.</exception>
    public void VerifyComplete()
    {
        lock (_gate)
        {
            if (_deviation is not null)
                throw new ExpectationException($"The caller has said something else than in the transcript. {_deviation.Message}", _deviation);
            if (_begun.Select(call => call.NextLine).FirstOrDefault(line => line is not null) is { } line)
                throw Missing(line);
            if (_left.Count > 0)
                throw Missing(_left[0].Start);
        }
    }

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        AsyncUnaryCall(method, host, options, request).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Begin(method, options, request);
        return new AsyncUnaryCall<TResponse>(call.AnswerAsync<TResponse>(method.ResponseMarshaller), call.HeadersAsync(), call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Begin(method, options, request);
        return new AsyncServerStreamingCall<TResponse>(new ReplayedReader<TResponse>(call, method.ResponseMarshaller), call.HeadersAsync(), call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <inheritdoc/>
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Begin(method, options, null);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            new ReplayedWriter<TRequest>(call), call.AnswerAsync<TResponse>(method.ResponseMarshaller), call.HeadersAsync(), call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Begin(method, options, null);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new ReplayedWriter<TRequest>(call), new ReplayedReader<TResponse>(call, method.ResponseMarshaller), call.HeadersAsync(), call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <summary>Remembers what the caller said against the transcript.</summary>
    /// <returns>For the caller.</returns>
    internal ExpectationException Deviation(string message)
    {
        var deviation = new ExpectationException(message);
        lock (_gate)
            _deviation ??= deviation;
        return deviation;
    }

    private static ExpectationException Missing(TranscriptLine line) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The caller was expected to go on with line {line.Number} of the transcript, and has not: {line}."));

    private ReplayedCall Begin(IMethod method, CallOptions options, object? request)
    {
        var json = request is null ? null : _options.Messages.ToJson(request);
        lock (_gate)
        {
            // Those that may be next: the first that has not been made, and all that were open with it.
            var next = _left.TakeWhile(call => call.StartedAt <= _left[0].EndedAt).Where(call => call.Method == method.FullName).ToArray();
            var found = next.FirstOrDefault(call => json is null || call.Requests.Any(line => line.Kind == LineKind.Request && line.Value == json)) ?? next.FirstOrDefault();
            if (found is not null)
            {
                _left.Remove(found);
                var begun = new ReplayedCall(this, found, _options);
                _begun.Add(begun);
                begun.TakeHeaders(options.Headers);
                if (json is not null)
                    begun.TakeJson(json);
                return begun;
            }
        }

        throw Deviation(
            _left.Count == 0
                ? $"The caller calls {method.FullName}{(json is null ? "" : $" with {json}")}, and the transcript has no further call."
                : string.Create(CultureInfo.InvariantCulture, $"The caller calls {method.FullName}{(json is null ? "" : $" with {json}")}; expected was line {_left[0].Start.Number} of the transcript: {_left[0].Start}."));
    }
}
