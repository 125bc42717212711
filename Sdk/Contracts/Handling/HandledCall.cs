using Grpc.Core;
using Plugwire.Errors;

namespace Plugwire.Handling;

/// <summary>One call that a contract's implementation handles: what it gets beside the messages, and how what it answers is sent.</summary>
internal readonly struct HandledCall
{
    private readonly CallResponse _response;
    private readonly IMethod _method;

    public HandledCall(IMethod method, ServerCallContext server)
    {
        _method = method;
        _response = new CallResponse(server);
        Token = server.CancellationToken;
    }

    public CallContext Context => new(_response);

    public CancellationToken Token { get; }

    /// <summary>Sends a handler's one answer. One that is there already costs no state machine.</summary>
    public Task<TResponse> AnswerAsync<TResponse>(ValueTask<TResponse> answer)
        where TResponse : class
    {
        return answer.IsCompletedSuccessfully && !_response.HasUnsentHeaders
            ? Task.FromResult(NotNull(answer.GetAwaiter().GetResult()))
            : AwaitAsync(answer);
    }

    /// <summary>Sends a handler's answers, one when the one before is on its way. Their enumerator is disposed of, whatever happens.</summary>
    public async Task AnswerAllAsync<TResponse>(IAsyncEnumerable<TResponse>? responses, IServerStreamWriter<TResponse> writer)
        where TResponse : class
    {
        var enumerator = NotNull(responses).GetAsyncEnumerator(Token);
        try
        {
            while (await enumerator.MoveNextAsync().ConfigureAwait(false))
            {
                var message = NotNull(enumerator.Current);
                if (_response.HasUnsentHeaders)
                    await _response.SendHeadersAsync().ConfigureAwait(false);
                _response.NoteMessageSent();
                try
                {
                    await writer.WriteAsync(message).ConfigureAwait(false);
                }
                catch (Exception exception) when (Token.IsCancellationRequested && exception is not (OperationCanceledException or RpcException))
                {
                    // A server may say it in words of its own.
                    throw new OperationCanceledException("The call is over: its caller takes no more messages.", exception, Token);
                }
            }
        }
        finally
        {
            await enumerator.DisposeAsync().ConfigureAwait(false);
        }

        if (_response.HasUnsentHeaders)
            await _response.SendHeadersAsync().ConfigureAwait(false);
    }

    /// <summary>Of a handler that threw: sends the headers that it had set, and answers what to throw instead; null for the exception itself.</summary>
    public async ValueTask<RpcException?> FailAsync(Exception exception)
    {
        if (_response.HasUnsentHeaders && !Token.IsCancellationRequested)
        {
            // What the handler failed with is what the caller is told, also where its headers cannot be sent.
            await _response.SendHeadersAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return HandlerError.ToStatus(exception, Token);
    }

    private async Task<TResponse> AwaitAsync<TResponse>(ValueTask<TResponse> answer)
        where TResponse : class
    {
        try
        {
            var response = NotNull(await answer.ConfigureAwait(false));
            if (_response.HasUnsentHeaders)
                await _response.SendHeadersAsync().ConfigureAwait(false);
            return response;
        }
        catch (Exception exception)
        {
            if (await FailAsync(exception).ConfigureAwait(false) is { } status)
                throw status;
            throw;
        }
    }

    private T NotNull<T>(T? answer)
        where T : class => answer ?? throw new InvalidOperationException(
            $"The handler of {_method.FullName} answered null where a {typeof(T).Name} was expected: it answers a message, or throws.");
}
