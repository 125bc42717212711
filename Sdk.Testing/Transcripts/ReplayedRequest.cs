using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Plugwire.Testing.Transcripts;

/// <summary>A call of any kind that is made step by step. Where the kind has no such step nothing happens.</summary>
internal sealed class ReplayedRequest(CallInvoker invoker, DescribedMethod method, Metadata headers, CancellationToken cancellationToken) : IDisposable
{
    private IDisposable? _call;
    private IClientStreamWriter<IMessage>? _requests;
    private IAsyncStreamReader<IMessage>? _responses;
    private Task<IMessage>? _response;
    private bool _isRead;

    public MessageDescriptor RequestType => method.RequestType;

    private CallOptions Options => new(headers, cancellationToken: cancellationToken);

    /// <summary>Sends a message; where the kind takes one the call begins with it.</summary>
    public async Task<bool> SendAsync(IMessage message)
    {
        switch (method.Method.Type)
        {
            case MethodType.Unary when _call is null:
                var unary = invoker.AsyncUnaryCall(method.Method, null, Options, message);
                (_call, _response) = (unary, unary.ResponseAsync);
                break;
            case MethodType.ServerStreaming when _call is null:
                var streaming = invoker.AsyncServerStreamingCall(method.Method, null, Options, message);
                (_call, _responses) = (streaming, streaming.ResponseStream);
                break;
            case MethodType.ClientStreaming or MethodType.DuplexStreaming:
                Begin();
                await _requests!.WriteAsync(message, cancellationToken).ConfigureAwait(false);
                break;
        }

        return true;
    }

    public async Task<bool> CompleteAsync()
    {
        Begin();
        if (_requests is not null)
            await _requests.CompleteAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Reads the next response.</summary>
    /// <returns>False at the end.</returns>
    public async Task<bool> ReadAsync()
    {
        Begin();
        if (_responses is not null)
            return await _responses.MoveNext(cancellationToken).ConfigureAwait(false);
        if (_response is null || _isRead)
            return false;

        _isRead = true;
        await _response.ConfigureAwait(false);
        return true;
    }

    public void Dispose() => _call?.Dispose();

    private void Begin()
    {
        if (_call is not null)
            return;

        if (method.Method.Type == MethodType.ClientStreaming)
        {
            var call = invoker.AsyncClientStreamingCall(method.Method, null, Options);
            (_call, _requests, _response) = (call, call.RequestStream, call.ResponseAsync);
        }
        else if (method.Method.Type == MethodType.DuplexStreaming)
        {
            var call = invoker.AsyncDuplexStreamingCall(method.Method, null, Options);
            (_call, _requests, _responses) = (call, call.RequestStream, call.ResponseStream);
        }
    }
}
