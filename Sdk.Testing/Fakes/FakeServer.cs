using System.Collections.Concurrent;
using Grpc.Core;
using Plugwire.Testing.Fakes.Local;

namespace Plugwire.Testing.Fakes;

/// <summary>What answers a fake's calls, whether they stay in the process or come over the wire: records each, and gives the answer whose turn it is.</summary>
/// <param name="name">What the fake is, for messages.</param>
/// <param name="timeProvider">The clock of deadlines.</param>
/// <param name="shared">Where the calls are recorded beside <see cref="Calls"/>; null for nowhere.</param>
internal sealed class FakeServer(string name, TimeProvider timeProvider, FakeCalls<FakeCall>? shared) : LocalCallInvoker(timeProvider)
{
    private readonly ConcurrentDictionary<string, object> _methods = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Delegate> _others = new(StringComparer.Ordinal);

    public FakeCalls<FakeCall> Calls { get; } = new(name);

    /// <summary>Takes the handlers of methods that have no answer of their own.</summary>
    public ServiceBinderBase Others => new HandlerBinder((method, handler) => _others[method.FullName] = handler);

    /// <summary>Sets the answers of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="answers">At least one; given one call after the other, and the last one stays.</param>
    /// <param name="bind">Adds an answer to a binder, as a handler of the method.</param>
    /// <exception cref="ArgumentException">There is no answer.</exception>
    public FakeMethod<TRequest, TResponse> Set<TRequest, TResponse, TAnswer>(
        Method<TRequest, TResponse> method, IReadOnlyList<TAnswer> answers, Action<ServiceBinderBase, TAnswer> bind)
        where TRequest : class
        where TResponse : class
    {
        if (answers.Count == 0)
            throw new ArgumentException($"{method.FullName} is told no answer. Give at least one, or leave the method alone: then its calls fail with Unimplemented.", nameof(answers));

        var handlers = new List<CallHandler<TRequest, TResponse>>();
        var binder = new HandlerBinder((_, handler) => handlers.Add((CallHandler<TRequest, TResponse>)handler));
        foreach (var answer in answers)
            bind(binder, answer);
        var fake = Of(method);
        fake.Set(handlers);
        return fake;
    }

    /// <summary>Handles a call.</summary>
    public async Task HandleAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context)
        where TRequest : class
        where TResponse : class
    {
        var fake = Of(method);
        var call = new FakeCall<TRequest>(method, context);
        if (method.Type is MethodType.Unary or MethodType.ServerStreaming && await requests.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            call.Add(Copy(method, requests.Current));
            requests = new TestStreamReader<TRequest>(requests.Current);
        }
        else
        {
            requests = new RecordingReader<TRequest>(requests, request =>
            {
                call.Add(Copy(method, request));
                LookAgain(fake, call);
            });
        }

        fake.Calls.Add(call);
        Calls.Add(call);
        shared?.Add(call);
        Exception? thrown = null;
        try
        {
            // Answers are the test's code, and do not run on the caller's thread.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await fake.PassAsync(context.CancellationToken).ConfigureAwait(false);
            var answer = fake.Next() ?? (CallHandler<TRequest, TResponse>?)_others.GetValueOrDefault(method.FullName) ?? throw Unanswered(method);
            await answer(requests, responses, context).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            thrown = failure;
            throw;
        }
        finally
        {
            call.End(CallEnd.OfHandler(context, thrown).Status);
            LookAgain(fake, call);
        }
    }

    protected override CallHandler<TRequest, TResponse> HandlerOf<TRequest, TResponse>(Method<TRequest, TResponse> method) =>
        (requests, responses, context) => HandleAsync(method, requests, responses, context);

    private FakeMethod<TRequest, TResponse> Of<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        (FakeMethod<TRequest, TResponse>)_methods.GetOrAdd(method.FullName, static (_, method) => new FakeMethod<TRequest, TResponse>(method), method);

    // What an answer does with its request changes nothing about what is on record.
    private static TRequest Copy<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request) =>
        MessageBytes.Read(method.RequestMarshaller, MessageBytes.Write(method.RequestMarshaller, request));

    private void LookAgain<TRequest, TResponse>(FakeMethod<TRequest, TResponse> fake, FakeCall<TRequest> call)
        where TRequest : class
        where TResponse : class
    {
        fake.Calls.LookAgain(call);
        Calls.LookAgain(call);
        shared?.LookAgain(call);
    }

    private RpcException Unanswered<TRequest, TResponse>(Method<TRequest, TResponse> method) => new(new Status(
        StatusCode.Unimplemented, $"{method.ServiceName}/{method.Name} is not implemented: {name} has no answer for it. Tell it one with When."));
}
