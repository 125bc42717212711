using Grpc.Core;
using Plugwire.Testing.Fakes.Local;

namespace Plugwire.Testing;

/// <summary>One method of a fake: its calls, and what holds them up. Safe for use by several threads.</summary>
/// <typeparam name="TRequest">The requests' type.</typeparam>
/// <typeparam name="TResponse">The responses' type.</typeparam>
public sealed class FakeMethod<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly Lock _gate = new();
    private readonly string _name;
    private IReadOnlyList<CallHandler<TRequest, TResponse>> _answers = [];
    private int _next;
    private FakeHold? _hold;

    internal FakeMethod(IMethod method)
    {
        _name = $"{method.ServiceName}/{method.Name}";
        Calls = new FakeCalls<FakeCall<TRequest>>(_name);
    }

    /// <summary>The calls of this method.</summary>
    public FakeCalls<FakeCall<TRequest>> Calls { get; }

    /// <summary>From now on calls of this method are recorded and wait, until the test releases them; their cancellation ends the waiting.</summary>
    /// <returns>What the test releases. It takes the place of one that was there, which then holds only those that wait already.</returns>
    public FakeHold Hold()
    {
        lock (_gate)
            return _hold = new FakeHold($"A call of {_name}");
    }

    /// <summary>The answers, one call after the other; the last stays.</summary>
    internal void Set(IReadOnlyList<CallHandler<TRequest, TResponse>> answers)
    {
        lock (_gate)
            (_answers, _next) = (answers, 0);
    }

    /// <summary>The answer whose turn it is; null where none has been told.</summary>
    internal CallHandler<TRequest, TResponse>? Next()
    {
        lock (_gate)
        {
            if (_answers.Count == 0)
                return null;
            var answer = _answers[_next];
            if (_next < _answers.Count - 1)
                _next++;
            return answer;
        }
    }

    internal async Task PassAsync(CancellationToken cancellationToken)
    {
        FakeHold? hold;
        lock (_gate)
            hold = _hold;
        if (hold is not null)
            await hold.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
