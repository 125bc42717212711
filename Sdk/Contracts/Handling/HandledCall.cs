using System.Runtime.ExceptionServices;
using Grpc.Core;
using Plugwire.Errors;

namespace Plugwire.Handling;

/// <summary>One call that a contract's implementation handles: what it gets beside the messages, and how what it answers is sent.</summary>
internal readonly struct HandledCall(ServerCallContext server)
{
    private readonly CallResponse _response = new(server);

    public CallContext Context => new(_response);

    public CancellationToken Token => _response.Server!.CancellationToken;

    /// <summary>Sends a handler's one answer. One that is there already costs no state machine.</summary>
    public Task<TResponse> AnswerAsync<TResponse>(ValueTask<TResponse> answer)
        where TResponse : class
    {
        // That of an asynchronous handler is a task already.
        return answer.IsCompletedSuccessfully && !_response.HasUnsentHeaders
            ? Task.FromResult(NotNull(answer.GetAwaiter().GetResult(), _response))
            : AwaitAsync(answer.AsTask(), _response);
    }

    /// <summary>Ends a call whose handler has thrown before it gave anything to wait for.</summary>
    public Task<TResponse> FailAsync<TResponse>(Exception exception)
        where TResponse : class => FailAsync<TResponse>(exception, _response);

    /// <summary>Sends a handler's answers, each when the one before is on its way. Their enumerator is disposed of, whatever happens.</summary>
    public async Task AnswerAllAsync<TResponse>(IAsyncEnumerable<TResponse>? responses, IServerStreamWriter<TResponse> writer)
        where TResponse : class
    {
        var enumerator = NotNull(responses, _response).GetAsyncEnumerator(Token);
        try
        {
            while (await enumerator.MoveNextAsync().ConfigureAwait(false))
            {
                var message = NotNull(enumerator.Current, _response);
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

    /// <summary>Ends a call whose handler has thrown: by the status that the exception means, or by the exception itself.</summary>
    public Task FailAsync(Exception exception) => FailAsync<object>(exception, _response);

    // The way of every asynchronous handler: what it keeps while it waits is what such a call costs, and so the rare ways are methods of their own.
    private static async Task<TResponse> AwaitAsync<TResponse>(Task<TResponse> answer, CallResponse response)
        where TResponse : class
    {
        Exception failure;
        try
        {
            var message = NotNull(await answer.ConfigureAwait(false), response);
            return response.HasUnsentHeaders ? await HeadersThenAsync(message, response).ConfigureAwait(false) : message;
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return await FailAsync<TResponse>(failure, response).ConfigureAwait(false);
    }

    private static async Task<TResponse> HeadersThenAsync<TResponse>(TResponse message, CallResponse response)
    {
        await response.SendHeadersAsync().ConfigureAwait(false);
        return message;
    }

    private static async Task<TResponse> FailAsync<TResponse>(Exception exception, CallResponse response)
    {
        var token = response.Server!.CancellationToken;
        if (response.HasUnsentHeaders && !token.IsCancellationRequested)
        {
            // What the handler failed with is what the caller is told, also where its headers cannot be sent.
            await ((Task)HeadersThenAsync(exception, response)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ExceptionDispatchInfo.Throw(HandlerError.ToStatus(exception, token) ?? exception);
        return default!;
    }

    private static T NotNull<T>(T? answer, CallResponse response)
        where T : class => answer ?? throw new InvalidOperationException(
            $"The handler of {response.Server!.Method} answered null where a {typeof(T).Name} was expected: it answers a message, or throws.");
}
