using Grpc.Core;

namespace Plugwire.Testing;

/// <summary>A call that a fake has got, with its requests. Safe for use by several threads.</summary>
/// <typeparam name="TRequest">The requests' type.</typeparam>
public sealed class FakeCall<TRequest> : FakeCall
    where TRequest : class
{
    private readonly Lock _gate = new();
    private readonly List<TRequest> _requests = [];

    internal FakeCall(IMethod method, ServerCallContext context)
        : base(method, context)
    {
    }

    /// <summary>The requests that the fake has read so far, in their order. They are nobody else's.</summary>
    public IReadOnlyList<TRequest> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>The first request, and the only one of a call without a stream of them.</summary>
    /// <exception cref="ExpectationException">None has been read.</exception>
    public TRequest Request => Requests is [var first, ..] ? first : throw new ExpectationException($"A request was expected, and none has been read yet: {this}.");

    /// <inheritdoc/>
    public override IReadOnlyList<object> Messages => Requests;

    internal void Add(TRequest request)
    {
        lock (_gate)
        {
            if (_requests.Count < Capacity)
                _requests.Add(request);
        }
    }
}
