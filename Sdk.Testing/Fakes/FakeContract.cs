using Grpc.Core;
using Plugwire.Handling;
using Plugwire.Testing.Fakes;

namespace Plugwire.Testing;

/// <summary>
/// A typed contract that answers as the test tells it and records what it is asked: in the place of a plugin's contract for code of a host, and of a host's for a plugin. What it is told later wins.
/// Safe for use by several threads, and needs no disposal.
/// </summary>
/// <remarks>
/// <para>A method is picked by a lambda, and the request's type stands in the answer: <c>fake.When(c => c.ListWordsAsync, (ListWordsRequest request) => words)</c>, or, where the answer's type
/// cannot be told from the answer, in front: <c>fake.When&lt;ListWordsRequest, WordList&gt;(c => c.ListWordsAsync, _ => throw …)</c>. Several answers are given one call after the other; the last
/// one stays. An answer fails the call by throwing, and an exception becomes the status that it would become in a handler. A method without an answer fails with
/// <see cref="StatusCode.Unimplemented"/>.</para>
/// <para>Calls go as on the wire, be they made on <see cref="Object"/> or by a plugin or a host that the fake was given to: each side has messages of its own, an answer runs on the thread pool, a stream's
/// writer is some messages ahead of its reader (16 where no wire is between them), and deadline, cancellation and turning away end the call on both sides.</para>
/// </remarks>
/// <typeparam name="TContract">The contract's interface.</typeparam>
/// <example>
/// <code>
/// var rules = new FakeContract&lt;IRules&gt;();
/// rules.When(c => c.ListWordsAsync, (ListWordsRequest _) => new WordList { Words = { new Word { Text = "TODO" } } });
/// var inspector = new TodoInspectorService(rules.Object);
/// …
/// rules.Calls.Single();
/// </code>
/// </example>
public sealed class FakeContract<TContract>
    where TContract : class, IContract<TContract>
{
    private readonly FakeServer _server;

    /// <summary>Creates a fake.</summary>
    /// <param name="implementation">Answers what the test has told no answer for. Null, the default, is nobody.</param>
    /// <param name="timeProvider">The clock of deadlines of calls on <see cref="Object"/>; null for the system's.</param>
    public FakeContract(TContract? implementation = null, TimeProvider? timeProvider = null)
        : this(implementation, timeProvider, null)
    {
    }

    internal FakeContract(TContract? implementation, TimeProvider? timeProvider, FakeCalls<FakeCall>? shared)
    {
        _server = new FakeServer($"the fake of {typeof(TContract).Name}", timeProvider ?? TimeProvider.System, shared);
        Object = TContract.Definition.CreateClient(_server, timeProvider);
        if (implementation is not null)
            TContract.Definition.Bind(_server.Others, implementation);
    }

    /// <summary>The contract, for code that takes one.</summary>
    public TContract Object { get; }

    /// <summary>The calls of all methods. Those of one method, with their requests' type, are in what <c>When</c> returns.</summary>
    public FakeCalls<FakeCall> Calls => _server.Calls;

    /// <summary>Answers a method with one request and one response.</summary>
    /// <param name="method">Picks the method: <c>c => c.ListWordsAsync</c>.</param>
    /// <param name="answers">At least one. They are given one call after the other, and the last one stays.</param>
    /// <returns>The method's calls, and what holds them up.</returns>
    /// <exception cref="ArgumentException">There is no answer, or the lambda picks no method of the contract.</exception>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TContract, Func<TRequest, CallContext, CancellationToken, ValueTask<TResponse>>> method, params Func<TRequest, TResponse>[] answers)
        where TRequest : class
        where TResponse : class =>
        Set(Pick(method), answers, static answer => (request, _, _) => new ValueTask<TResponse>(answer(request)));

    /// <summary>Answers a method with one request and one response, as a handler does.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TContract, Func{TRequest, CallContext, CancellationToken, ValueTask{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TContract, Func<TRequest, CallContext, CancellationToken, ValueTask<TResponse>>> method,
        params Func<TRequest, CallContext, CancellationToken, ValueTask<TResponse>>[] answers)
        where TRequest : class
        where TResponse : class => Set(Pick(method), answers, static answer => answer);

    /// <summary>Answers a method with one request and a stream of responses: with the messages of a sequence, which is enumerated as they are read.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TContract, Func{TRequest, CallContext, CancellationToken, ValueTask{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TContract, Func<TRequest, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>> method, params Func<TRequest, IEnumerable<TResponse>>[] answers)
        where TRequest : class
        where TResponse : class => Set(Pick(method), answers, static answer => (request, _, _) => answer(request).ToAsyncEnumerable());

    /// <summary>Answers a method with one request and a stream of responses, as a handler does.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TContract, Func{TRequest, CallContext, CancellationToken, ValueTask{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TContract, Func<TRequest, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>> method,
        params Func<TRequest, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>[] answers)
        where TRequest : class
        where TResponse : class => Set(Pick(method), answers, static answer => answer);

    /// <summary>Answers a method with a stream of requests and one response, when all requests have come.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TContract, Func{TRequest, CallContext, CancellationToken, ValueTask{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TContract, Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, ValueTask<TResponse>>> method, params Func<IReadOnlyList<TRequest>, TResponse>[] answers)
        where TRequest : class
        where TResponse : class => Set(Pick(method), answers, static answer => async (requests, _, token) => answer(await requests.ToListAsync(token).ConfigureAwait(false)));

    /// <summary>Answers a method with a stream of requests and one response, as a handler does.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TContract, Func{TRequest, CallContext, CancellationToken, ValueTask{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TContract, Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, ValueTask<TResponse>>> method,
        params Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, ValueTask<TResponse>>[] answers)
        where TRequest : class
        where TResponse : class => Set(Pick(method), answers, static answer => answer);

    /// <summary>Answers a method with streams in both directions: each request, as it comes, with the messages of a sequence.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TContract, Func{TRequest, CallContext, CancellationToken, ValueTask{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TContract, Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>> method, params Func<TRequest, IEnumerable<TResponse>>[] answers)
        where TRequest : class
        where TResponse : class => Set(Pick(method), answers, static answer => (requests, _, _) => requests.SelectMany(answer));

    /// <summary>Answers a method with streams in both directions, as a handler does.</summary>
    /// <inheritdoc cref="When{TRequest, TResponse}(Func{TContract, Func{TRequest, CallContext, CancellationToken, ValueTask{TResponse}}}, Func{TRequest, TResponse}[])"/>
    public FakeMethod<TRequest, TResponse> When<TRequest, TResponse>(
        Func<TContract, Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>> method,
        params Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>[] answers)
        where TRequest : class
        where TResponse : class => Set(Pick(method), answers, static answer => answer);

    /// <summary>Adds the contract's methods to a server that calls come to over the wire.</summary>
    internal void Bind(ServiceBinderBase server) => TContract.Definition.Bind(new ServingBinder(server, _server), implementation: null);

    private static Method<TRequest, TResponse> Pick<TRequest, TResponse>(Func<TContract, Func<TRequest, CallContext, CancellationToken, ValueTask<TResponse>>> method)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        return MethodPick.OfContract<TContract, TRequest, TResponse>(MethodType.Unary, (client, sample) => method(client)(sample, default, CancellationToken.None).AsTask());
    }

    private static Method<TRequest, TResponse> Pick<TRequest, TResponse>(Func<TContract, Func<TRequest, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>> method)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        return MethodPick.OfContract<TContract, TRequest, TResponse>(
            MethodType.ServerStreaming, (client, sample) => method(client)(sample, default, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask());
    }

    private static Method<TRequest, TResponse> Pick<TRequest, TResponse>(Func<TContract, Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, ValueTask<TResponse>>> method)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        return MethodPick.OfContract<TContract, TRequest, TResponse>(
            MethodType.ClientStreaming, (client, _) => method(client)(AsyncEnumerable.Empty<TRequest>(), default, CancellationToken.None).AsTask());
    }

    private static Method<TRequest, TResponse> Pick<TRequest, TResponse>(Func<TContract, Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>> method)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(method);
        return MethodPick.OfContract<TContract, TRequest, TResponse>(
            MethodType.DuplexStreaming,
            (client, _) => method(client)(AsyncEnumerable.Empty<TRequest>(), default, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask());
    }

    private FakeMethod<TRequest, TResponse> Set<TRequest, TResponse, TAnswer>(
        Method<TRequest, TResponse> method, TAnswer[] answers, Func<TAnswer, Func<TRequest, CallContext, CancellationToken, ValueTask<TResponse>>> handler)
        where TRequest : class
        where TResponse : class =>
        Bind(method, answers, answer =>
        {
            var handle = handler(answer);
            return new UnaryMethod<TContract, TRequest, TResponse>(method, (_, request, call, token) => handle(request, call, token));
        });

    private FakeMethod<TRequest, TResponse> Set<TRequest, TResponse, TAnswer>(
        Method<TRequest, TResponse> method, TAnswer[] answers, Func<TAnswer, Func<TRequest, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>> handler)
        where TRequest : class
        where TResponse : class =>
        Bind(method, answers, answer =>
        {
            var handle = handler(answer);
            return new ServerStreamingMethod<TContract, TRequest, TResponse>(method, (_, request, call, token) => handle(request, call, token));
        });

    private FakeMethod<TRequest, TResponse> Set<TRequest, TResponse, TAnswer>(
        Method<TRequest, TResponse> method, TAnswer[] answers, Func<TAnswer, Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, ValueTask<TResponse>>> handler)
        where TRequest : class
        where TResponse : class =>
        Bind(method, answers, answer =>
        {
            var handle = handler(answer);
            return new ClientStreamingMethod<TContract, TRequest, TResponse>(method, (_, requests, call, token) => handle(requests, call, token));
        });

    private FakeMethod<TRequest, TResponse> Set<TRequest, TResponse, TAnswer>(
        Method<TRequest, TResponse> method, TAnswer[] answers, Func<TAnswer, Func<IAsyncEnumerable<TRequest>, CallContext, CancellationToken, IAsyncEnumerable<TResponse>>> handler)
        where TRequest : class
        where TResponse : class =>
        Bind(method, answers, answer =>
        {
            var handle = handler(answer);
            return new DuplexStreamingMethod<TContract, TRequest, TResponse>(method, (_, requests, call, token) => handle(requests, call, token));
        });

    private FakeMethod<TRequest, TResponse> Bind<TRequest, TResponse, TAnswer>(Method<TRequest, TResponse> method, TAnswer[] answers, Func<TAnswer, ContractMethod<TContract>> handler)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(answers);
        return _server.Set(method, [.. answers.Select(handler)], (binder, answer) => answer.Bind(binder, Object));
    }
}
