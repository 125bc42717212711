using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Fakes;

namespace Plugwire.Testing;

/// <summary>The calls that a fake has got so far, in their order, to look into, to check and to wait on. Safe for use by several threads.</summary>
/// <typeparam name="TCall">The calls' type.</typeparam>
public sealed class FakeCalls<TCall> : IReadOnlyList<TCall>
    where TCall : FakeCall
{
    /// <summary>How many calls are kept; with more the oldest go, and a failing check says how many have gone.</summary>
    public const int Capacity = 10_000;

    private const int MostShown = 50;

    private readonly Lock _gate = new();
    private readonly string _fake;
    private readonly List<TCall> _calls = [];
    private readonly List<CallWait<TCall>> _waits = [];
    private long _gone;

    internal FakeCalls(string fake) => _fake = fake;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _calls.Count;
        }
    }

    /// <summary>One by its number, from 0.</summary>
    /// <param name="index">The number.</param>
    /// <exception cref="ExpectationException">There are not so many. Says what there is.</exception>
    public TCall this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            lock (_gate)
            {
                if (index < _calls.Count)
                    return _calls[index];
            }

            throw new ExpectationException(Describe(string.Create(CultureInfo.InvariantCulture, $"At least {index + 1} calls of {_fake} were expected.")));
        }
    }

    /// <summary>The first call for which the predicate is true: one that is there, or the next to come. Waits for 30 s at most.</summary>
    /// <param name="predicate">Which call: asked when a call comes, and again with each of its requests and at its end. Null for any.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Left to the compiler: the predicate's text, for the failure.</param>
    /// <exception cref="ExpectationException">None came. Says what came instead.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<TCall> WaitForAsync(
        Func<TCall, bool>? predicate = null, CancellationToken cancellationToken = default, [CallerArgumentExpression(nameof(predicate))] string? expression = null) =>
        WaitForAsync(predicate, expression, Expectation.Limit, cancellationToken);

    /// <summary>The one call for which the predicate is true.</summary>
    /// <param name="predicate">Which call; null for any.</param>
    /// <param name="expression">Left to the compiler: the predicate's text, for the failure.</param>
    /// <exception cref="ExpectationException">There is none, or more than one. Says what there is.</exception>
    public TCall Single(Func<TCall, bool>? predicate = null, [CallerArgumentExpression(nameof(predicate))] string? expression = null)
    {
        var found = Where(predicate);
        return found.Length == 1 ? found[0] : throw new ExpectationException(Describe(string.Create(
            CultureInfo.InvariantCulture, $"One call of {_fake} was expected{For(predicate, expression)}, and there are {found.Length}.")));
    }

    /// <summary>That there is no call for which the predicate is true.</summary>
    /// <param name="predicate">Which call must not be; null for any.</param>
    /// <param name="expression">Left to the compiler: the predicate's text, for the failure.</param>
    /// <exception cref="ExpectationException">There is one. Says what there is.</exception>
    public void None(Func<TCall, bool>? predicate = null, [CallerArgumentExpression(nameof(predicate))] string? expression = null)
    {
        if (Where(predicate).Length > 0)
            throw new ExpectationException(Describe($"No call of {_fake} was expected{For(predicate, expression)}."));
    }

    /// <summary>The calls that there are now.</summary>
    public IEnumerator<TCall> GetEnumerator() => Snapshot().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(TCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
            if (_calls.Count > Capacity)
            {
                _calls.RemoveAt(0);
                _gone++;
            }
        }

        LookAgain(call);
    }

    internal async Task<TCall> WaitForAsync(Func<TCall, bool>? predicate, string? expression, TimeSpan limit, CancellationToken cancellationToken)
    {
        var wait = new CallWait<TCall>(predicate ?? (static _ => true));
        lock (_gate)
        {
            foreach (var call in _calls)
                wait.Look(call);
            _waits.Add(wait);
        }

        try
        {
            return await Expectation.MetAsync(
                wait.Found, limit, () => Describe($"A call of {_fake} was expected{For(predicate, expression)}."), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _waits.Remove(wait);
        }
    }

    /// <summary>Something about the call has changed.</summary>
    internal void LookAgain(TCall call)
    {
        CallWait<TCall>[] waits;
        lock (_gate)
            waits = [.. _waits];
        foreach (var wait in waits)
            wait.Look(call);
    }

    private static string For(Func<TCall, bool>? predicate, string? expression) => predicate is null ? "" : $" for which {expression}";

    private TCall[] Where(Func<TCall, bool>? predicate) => [.. Snapshot().Where(predicate ?? (static _ => true))];

    private List<TCall> Snapshot()
    {
        lock (_gate)
            return [.. _calls];
    }

    private string Describe(string expected)
    {
        List<TCall> calls;
        long gone;
        lock (_gate)
            (calls, gone) = ([.. _calls], _gone);
        var text = new StringBuilder(expected);
        if (calls.Count == 0)
            return text.Append(" There has been none.").ToString();

        text.Append(" The calls:");
        var left = Math.Max(calls.Count - MostShown, 0);
        if (gone + left > 0)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  ... {gone + left} calls before");
        foreach (var call in calls.Skip(left))
            text.AppendLine().Append("  ").Append(call);
        return text.AppendLine().ToString();
    }
}
