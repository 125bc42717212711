using System.Runtime.CompilerServices;

namespace Plugwire.Interop.Serving;

/// <summary>The service of the interoperability tests as a typed contract. <c>UnimplementedCallAsync</c> is left out, as the specification has it.</summary>
/// <param name="takeRequestFlag">As of <see cref="TestServiceImplementation"/>.</param>
/// <param name="timeProvider">By which the intervals between responses are measured; null for the system's.</param>
public sealed class ContractTestService(Func<bool>? takeRequestFlag = null, TimeProvider? timeProvider = null) : ITestService
{
    private readonly RequestFlags _flags = new(takeRequestFlag);
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    public ValueTask<Empty> EmptyCallAsync(Empty request, CallContext call = default, CancellationToken cancellationToken = default)
    {
        _flags.Check();
        Echo(call, compress: false);
        return new(new Empty());
    }

    public ValueTask<SimpleResponse> UnaryCallAsync(SimpleRequest request, CallContext call = default, CancellationToken cancellationToken = default)
    {
        _flags.Check(request.ExpectCompressed);
        Echo(call, request.ResponseCompressed?.Value == true);
        Requested.ThrowStatus(request.ResponseStatus);
        return new(new SimpleResponse { Payload = Requested.Body(request.ResponseSize) });
    }

    public ValueTask<SimpleResponse> CacheableUnaryCallAsync(SimpleRequest request, CallContext call = default, CancellationToken cancellationToken = default) =>
        UnaryCallAsync(request, call, cancellationToken);

    public async ValueTask<StreamingInputCallResponse> StreamingInputCallAsync(
        IAsyncEnumerable<StreamingInputCallRequest> requests, CallContext call = default, CancellationToken cancellationToken = default)
    {
        Echo(call, compress: false);
        var size = 0;
        await foreach (var request in requests.WithCancellation(cancellationToken))
        {
            _flags.Check(request.ExpectCompressed);
            size = checked(size + (request.Payload?.Body.Length ?? 0));
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public IAsyncEnumerable<StreamingOutputCallResponse> StreamingOutputCallAsync(
        StreamingOutputCallRequest request, CallContext call = default, CancellationToken cancellationToken = default)
    {
        _flags.Check();
        Echo(call, compress: false);
        return AnswerAsync(request, cancellationToken);
    }

    public async IAsyncEnumerable<StreamingOutputCallResponse> FullDuplexCallAsync(
        IAsyncEnumerable<StreamingOutputCallRequest> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Echo(call, compress: false);
        await foreach (var request in requests.WithCancellation(cancellationToken))
        {
            _flags.Check();
            await foreach (var response in AnswerAsync(request, cancellationToken))
                yield return response;
        }
    }

    public async IAsyncEnumerable<StreamingOutputCallResponse> HalfDuplexCallAsync(
        IAsyncEnumerable<StreamingOutputCallRequest> requests, CallContext call = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Echo(call, compress: false);
        var all = new List<StreamingOutputCallRequest>();
        await foreach (var request in requests.WithCancellation(cancellationToken))
        {
            _flags.Check();
            all.Add(request);
        }

        foreach (var request in all)
        {
            await foreach (var response in AnswerAsync(request, cancellationToken))
                yield return response;
        }
    }

    private async IAsyncEnumerable<StreamingOutputCallResponse> AnswerAsync(StreamingOutputCallRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requested.ThrowStatus(request.ResponseStatus);
        foreach (var response in request.ResponseParameters)
        {
            if (response.IntervalUs > 0)
                await Task.Delay(TimeSpan.FromMicroseconds(response.IntervalUs), _timeProvider, cancellationToken);
            yield return new StreamingOutputCallResponse { Payload = Requested.Body(response.Size) };
        }
    }

    private static void Echo(CallContext call, bool compress)
    {
        if (call.Headers?.GetValue(EchoedMetadata.Initial) is { } initial)
            call.Response!.Headers.Add(EchoedMetadata.Initial, initial);
        if (call.Headers?.GetValueBytes(EchoedMetadata.Trailing) is { } trailing)
            call.Response!.Trailers.Add(EchoedMetadata.Trailing, trailing);
        if (compress)
            call.Response!.Headers.Add(MessageEncoding.RequestKey, MessageEncoding.Gzip);
    }
}
