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
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    public override async Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        takeRequestFlag?.Invoke();
        await SendHeadersAsync(context, compress: false);
        return new Empty();
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        CheckEncoding(request.ExpectCompressed);
        var compress = request.ResponseCompressed?.Value == true;
        await SendHeadersAsync(context, compress);
        ThrowIfAsked(request.ResponseStatus);
        context.WriteOptions = MessageEncoding.Options(compress);
        return new SimpleResponse { Payload = Payloads.Create(RequestedSize(request.ResponseSize)) };
    }

    public override Task<SimpleResponse> CacheableUnaryCall(SimpleRequest request, ServerCallContext context) => UnaryCall(request, context);

    public override async Task<StreamingInputCallResponse> StreamingInputCall(IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        await SendHeadersAsync(context, compress: false);
        var size = 0;
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            CheckEncoding(requestStream.Current.ExpectCompressed);
            size = checked(size + requestStream.Current.Payload.Body.Length);
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        takeRequestFlag?.Invoke();
        await SendHeadersAsync(context, WantsCompression(request));
        await AnswerAsync(request, responseStream, context);
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        var headersSent = false;
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            takeRequestFlag?.Invoke();

            // Whether any response is to be compressed is said in the headers, so the first request decides.
            if (!headersSent)
                await SendHeadersAsync(context, WantsCompression(requestStream.Current));
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
            takeRequestFlag?.Invoke();
            requests.Add(requestStream.Current);
        }

        await SendHeadersAsync(context, requests.Exists(WantsCompression));
        foreach (var request in requests)
            await AnswerAsync(request, responseStream, context);
    }

    private static bool WantsCompression(StreamingOutputCallRequest request) => request.ResponseParameters.Any(response => response.Compressed?.Value == true);

    private async Task AnswerAsync(StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        ThrowIfAsked(request.ResponseStatus);
        foreach (var response in request.ResponseParameters)
        {
            if (response.IntervalUs > 0)
                await Task.Delay(TimeSpan.FromMicroseconds(response.IntervalUs), _timeProvider, context.CancellationToken);
            responses.WriteOptions = MessageEncoding.Options(response.Compressed?.Value == true);
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Payloads.Create(RequestedSize(response.Size)) }, context.CancellationToken);
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

    private void CheckEncoding(BoolValue? expected)
    {
        if (takeRequestFlag is null)
            return;

        var compressed = takeRequestFlag();
        if (expected is not null && expected.Value != compressed)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The request says expect_compressed {expected.Value}, and its message came with compressed {compressed}."));
    }

    private static void ThrowIfAsked(EchoStatus? status)
    {
        if (status is { Code: not 0 })
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
    }

    private static int RequestedSize(int size) => size >= 0
        ? size
        : throw new RpcException(new Status(StatusCode.InvalidArgument, $"A response of {size} bytes is asked for: a size is zero or more."));
}
