using Grpc.Core;

namespace Plugwire.Interop.Serving;

/// <summary>The service of the interoperability tests, on the classic base class. One object serves any number of calls.</summary>
/// <param name="takeRequestFlag">
/// Answers for each request that is received, in turn, whether it was compressed: no handler can see it. Asked once for each request, and right only while one call is open at
/// a time. Null when nobody can tell: then <c>expect_compressed</c> is not checked.
/// </param>
/// <param name="timeProvider">By which the intervals between responses are measured; null for the system's.</param>
public sealed class TestServiceImplementation(Func<bool>? takeRequestFlag = null, TimeProvider? timeProvider = null) : TestService.TestServiceBase
{
    private readonly RequestFlags _flags = new(takeRequestFlag);
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    public override async Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        _flags.Check();
        await SendHeadersAsync(context, compress: false);
        return new Empty();
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        _flags.Check(request.ExpectCompressed);
        var compress = request.ResponseCompressed?.Value == true;
        await SendHeadersAsync(context, compress);
        Requested.ThrowStatus(request.ResponseStatus);
        context.WriteOptions = MessageEncoding.Options(compress);
        return new SimpleResponse { Payload = Requested.Body(request.ResponseSize) };
    }

    public override Task<SimpleResponse> CacheableUnaryCall(SimpleRequest request, ServerCallContext context) => UnaryCall(request, context);

    public override async Task<StreamingInputCallResponse> StreamingInputCall(IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        await SendHeadersAsync(context, compress: false);
        var size = 0;
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            _flags.Check(requestStream.Current.ExpectCompressed);
            size = checked(size + (requestStream.Current.Payload?.Body.Length ?? 0));
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        _flags.Check();
        await SendHeadersAsync(context, Requested.Compression(request));
        await AnswerAsync(request, responseStream, context);
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        var headersSent = false;
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            _flags.Check();

            // Whether any response is to be compressed is said in the headers, so the first request decides.
            if (!headersSent)
                await SendHeadersAsync(context, Requested.Compression(requestStream.Current));
            headersSent = true;
            await AnswerAsync(requestStream.Current, responseStream, context);
        }

        if (!headersSent)
            await SendHeadersAsync(context, compress: false);
    }

    public override async Task HalfDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        var requests = new List<StreamingOutputCallRequest>();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            _flags.Check();
            requests.Add(requestStream.Current);
        }

        await SendHeadersAsync(context, requests.Exists(Requested.Compression));
        foreach (var request in requests)
            await AnswerAsync(request, responseStream, context);
    }

    private async Task AnswerAsync(StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        Requested.ThrowStatus(request.ResponseStatus);
        foreach (var response in request.ResponseParameters)
        {
            if (response.IntervalUs > 0)
                await Task.Delay(TimeSpan.FromMicroseconds(response.IntervalUs), _timeProvider, context.CancellationToken);
            responses.WriteOptions = MessageEncoding.Options(response.Compressed?.Value == true);
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Requested.Body(response.Size) }, context.CancellationToken);
        }
    }

    private static async Task SendHeadersAsync(ServerCallContext context, bool compress)
    {
        var headers = new Metadata();
        if (context.RequestHeaders.GetValue(EchoedMetadata.Initial) is { } initial)
            headers.Add(EchoedMetadata.Initial, initial);
        if (context.RequestHeaders.GetValueBytes(EchoedMetadata.Trailing) is { } trailing)
            context.ResponseTrailers.Add(EchoedMetadata.Trailing, trailing);
        if (compress)
            headers.Add(MessageEncoding.RequestKey, MessageEncoding.Gzip);
        if (headers.Count > 0)
            await context.WriteResponseHeadersAsync(headers);
    }
}
