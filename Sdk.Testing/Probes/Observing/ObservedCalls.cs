using System.Text;
using Grpc.Core;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Probes.Metering;
using Plugwire.Testing.Probes.Observing;

namespace Plugwire.Testing;

/// <summary>The calls that a plugin's handlers get, seen from the plugin's side: what the caller's side cannot tell. Safe for use by several threads.</summary>
public sealed class ObservedCalls
{
    /// <summary>How many calls are kept; with more the oldest go.</summary>
    public const int Capacity = 1000;

    private const int MostShown = 20;

    private readonly Lock _gate = new();
    private readonly Queue<ObservedCall> _calls = new();
    private readonly HashSet<ObservedCall> _taken = [];
    private readonly StandStill _standStill;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ObservedCalls(Func<CancellationToken, Task> roundTrip) => _standStill = new StandStill(roundTrip);

    /// <summary>The calls so far, in the order in which they have come to their handlers. Calls of the host to the SDK itself, such as for its health, are not among them.</summary>
    public IReadOnlyList<ObservedCall> All
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    internal TimeSpan Limit { get; init; } = Expectation.Limit;

    /// <summary>The next call of a method, in their order: the first that this has not returned before. Waits for it for 30 s at most.</summary>
    /// <param name="method">
    /// The method: as the .proto names it (<c>Inspect</c>), with its service before it (<c>Inspector/Inspect</c>, <c>examples.inspection.v1.Inspector/Inspect</c>), or as the contract names it
    /// (<c>nameof(IInspector.InspectAsync)</c>).
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">None comes. Says which calls came instead.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ObservedCall> NextAsync(string method, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_calls.FirstOrDefault(call => !_taken.Contains(call) && MethodName.Matches(call.Method, method)) is { } next)
                {
                    _taken.Add(next);
                    return next;
                }

                changed = _changed.Task;
            }

            var left = Limit - TimeProvider.System.GetElapsedTime(began);
            await Expectation.MetAsync(changed, left > TimeSpan.Zero ? left : TimeSpan.Zero, () => Describe(method), cancellationToken).ConfigureAwait(false);
        }
    }

    internal ObservedCall Begin(ServerCallContext context)
    {
        var call = new ObservedCall(context, _standStill, Limit);
        TaskCompletionSource changed;
        lock (_gate)
        {
            _calls.Enqueue(call);
            if (_calls.Count > Capacity)
                _taken.Remove(_calls.Dequeue());
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
        return call;
    }

    private string Describe(string method)
    {
        var calls = All;
        var text = new StringBuilder($"A further call of '{method}' was expected to come to its handler. ");
        if (calls.Count == 0)
            return text.Append("None of any method has come.").ToString();

        text.Append("The calls that have come:");
        if (calls.Count > MostShown)
            text.AppendLine().Append("  … ").Append(calls.Count - MostShown).Append(" before");
        foreach (var call in calls.Skip(calls.Count - MostShown))
            text.AppendLine().Append("  ").Append(call);
        return text.AppendLine().ToString();
    }
}
