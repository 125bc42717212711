using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.Testing.Fakes;

namespace Plugwire.Testing;

/// <summary>
/// A client of a classic service, the real generated one, that answers as the test tells it and records what it is asked. What it is told later wins. Safe for use by several threads, and needs no disposal.
/// </summary>
/// <remarks>
/// A method is picked by a lambda, and the request's type stands in the answer: <c>fake.When(c => c.SayHelloAsync, (HelloRequest request) => new HelloReply())</c>, or in front where the answer does not tell
/// its type: <c>fake.When&lt;HelloRequest, HelloReply&gt;(c => c.SayHelloAsync, _ => throw …)</c>. It answers the method's blocking form, too. The rest is as with <see cref="FakeContract{TContract}"/>.
/// </remarks>
/// <typeparam name="TClient">A client that Grpc.Tools generated.</typeparam>
public sealed class FakeClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>
    where TClient : ClientBase<TClient>
{
    private readonly FakeServer _server;

    /// <summary>Creates a fake.</summary>
    /// <param name="bind">Adds a service that answers what the test has told no answer for: <c>binder => Greeter.BindService(binder, new GreeterService())</c>. Null, the default, is nobody.</param>
    /// <param name="timeProvider">The clock of deadlines; null for the system's.</param>
    /// <exception cref="InvalidOperationException">It is no generated client.</exception>
    public FakeClient(Action<ServiceBinderBase>? bind = null, TimeProvider? timeProvider = null)
    {
        _server = new FakeServer($"the fake {typeof(TClient).Name}", timeProvider ?? TimeProvider.System, null);
        Object = ClientFactory.Create<TClient>(_server);
        bind?.Invoke(_server.Others);
    }

    /// <summary>The client, for code that takes one.</summary>
    public TClient Object { get; }

    /// <summary>What the client calls on, for code that makes its clients itself.</summary>
    public CallInvoker CallInvoker => _server;

    /// <summary>The calls of all methods. Those of one method, with their requests' type, are in what <c>When</c> returns.</summary>
    public FakeCalls<FakeCall> Calls => _server.Calls;

    /// <summary>Answers a method with one request and one response.</summary>
    /// <param name="method">Picks the method: <c>c => c.SayHelloAsync</c>.</param>
    /// <param name="answers">At least one. They are given one call after the other, and the last one stays.</param>
    /// <returns>The method's calls, and what holds them up.</returns>
    /// <exception cref="ArgumentException">There is no answer, or the lambda picks no method of the client.</exception>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(Func<TClient, Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>>> method, params Func<TRequest, TResponse>[] answers)
        where TRequest : class
        where TResponse : class =>
        When(method, Each(answers, static answer => new UnaryServerMethod<TRequest, TResponse>((request, _) => Task.FromResult(answer(request)))));

    /// <summary>Answers a method with one request and one response, as a service does.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TClient, Func{TRequest, CallOptions, AsyncUnaryCall{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TClient, Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>>> method, params UnaryServerMethod<TRequest, TResponse>[] answers)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        var picked = Pick<TRequest, TResponse>(client => method(client)(null!, default));
        return Set(picked, answers, (binder, answer) => binder.AddMethod(picked, answer));
    }

    /// <summary>Answers a method with one request and a stream of responses: with the messages of a sequence, which is enumerated as they are read.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TClient, Func{TRequest, CallOptions, AsyncUnaryCall{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TClient, Func<TRequest, CallOptions, AsyncServerStreamingCall<TResponse>>> method, params Func<TRequest, IEnumerable<TResponse>>[] answers)
        where TRequest : class
        where TResponse : class =>
        When(method, Each(answers, static answer => new ServerStreamingServerMethod<TRequest, TResponse>((request, responses, context) => WriteAsync(answer(request), responses, context))));

    /// <summary>Answers a method with one request and a stream of responses, as a service does.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TClient, Func{TRequest, CallOptions, AsyncUnaryCall{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TClient, Func<TRequest, CallOptions, AsyncServerStreamingCall<TResponse>>> method, params ServerStreamingServerMethod<TRequest, TResponse>[] answers)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        var picked = Pick<TRequest, TResponse>(client => method(client)(null!, default));
        return Set(picked, answers, (binder, answer) => binder.AddMethod(picked, answer));
    }

    /// <summary>Answers a method with a stream of requests and one response, when all requests have come.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TClient, Func{TRequest, CallOptions, AsyncUnaryCall{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TClient, Func<CallOptions, AsyncClientStreamingCall<TRequest, TResponse>>> method, params Func<IReadOnlyList<TRequest>, TResponse>[] answers)
        where TRequest : class
        where TResponse : class =>
        When(method, Each(answers, static answer => new ClientStreamingServerMethod<TRequest, TResponse>(async (requests, context) => answer(await ReadAsync(requests, context).ConfigureAwait(false)))));

    /// <summary>Answers a method with a stream of requests and one response, as a service does.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TClient, Func{TRequest, CallOptions, AsyncUnaryCall{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TClient, Func<CallOptions, AsyncClientStreamingCall<TRequest, TResponse>>> method, params ClientStreamingServerMethod<TRequest, TResponse>[] answers)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        var picked = Pick<TRequest, TResponse>(client => method(client)(default));
        return Set(picked, answers, (binder, answer) => binder.AddMethod(picked, answer));
    }

    /// <summary>Answers a method with streams in both directions: each request, as it comes, with the messages of a sequence.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TClient, Func{TRequest, CallOptions, AsyncUnaryCall{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TClient, Func<CallOptions, AsyncDuplexStreamingCall<TRequest, TResponse>>> method, params Func<TRequest, IEnumerable<TResponse>>[] answers)
        where TRequest : class
        where TResponse : class =>
        When(method, Each(answers, static answer => new DuplexStreamingServerMethod<TRequest, TResponse>(async (requests, responses, context) =>
        {
            while (await requests.MoveNext(context.CancellationToken).ConfigureAwait(false))
                await WriteAsync(answer(requests.Current), responses, context).ConfigureAwait(false);
        })));

    /// <summary>Answers a method with streams in both directions, as a service does.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TClient, Func{TRequest, CallOptions, AsyncUnaryCall{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TClient, Func<CallOptions, AsyncDuplexStreamingCall<TRequest, TResponse>>> method, params DuplexStreamingServerMethod<TRequest, TResponse>[] answers)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        var picked = Pick<TRequest, TResponse>(client => method(client)(default));
        return Set(picked, answers, (binder, answer) => binder.AddMethod(picked, answer));
    }

    private static Method<TRequest, TResponse> Pick<TRequest, TResponse>(Action<TClient> call)
        where TRequest : class
        where TResponse : class => MethodPick.OfClient<TClient, TRequest, TResponse>(ClientFactory.Create<TClient>, call);

    private static TTo[] Each<TFrom, TTo>(TFrom[] answers, Func<TFrom, TTo> to)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return Array.ConvertAll(answers, answer => to(answer));
    }

    private static async Task WriteAsync<T>(IEnumerable<T> messages, IServerStreamWriter<T> responses, ServerCallContext context)
    {
        foreach (var message in messages)
            await responses.WriteAsync(message, context.CancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<T>> ReadAsync<T>(IAsyncStreamReader<T> requests, ServerCallContext context)
    {
        var all = new List<T>();
        while (await requests.MoveNext(context.CancellationToken).ConfigureAwait(false))
            all.Add(requests.Current);
        return all;
    }

    private FakeMethod<TRequest, TResponse> Set<TRequest, TResponse, TAnswer>(Method<TRequest, TResponse> method, TAnswer[] answers, Action<ServiceBinderBase, TAnswer> bind)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(answers);
        return _server.Set(method, answers, bind);
    }
}
