using Grpc.Core;

namespace Plugwire.Hosting.Failures;

/// <summary>One start of one plugin: who it is and since when it goes on, so that every step can say so when it fails.</summary>
internal sealed class PluginStartAttempt
{
    private readonly long _began;

    public PluginStartAttempt(string pluginName, TimeProvider timeProvider)
    {
        PluginName = pluginName;
        TimeProvider = timeProvider;
        _began = timeProvider.GetTimestamp();
    }

    public string PluginName { get; }

    public TimeProvider TimeProvider { get; }

    public TimeSpan Elapsed => TimeProvider.GetElapsedTime(_began);

    /// <summary>Told of each step that begins; null for nobody.</summary>
    public Action<PluginStartStage>? Progress { get; init; }

    /// <summary>Fires when nobody waits for the start any more.</summary>
    public CancellationToken GivenUp { get; set; }

    /// <summary>What the process has left behind so far. Set once there is a process, so that no failure after that comes without it.</summary>
    public Func<PluginStartEvidence>? Evidence { get; set; }

    /// <summary>The exception that tells this failure; the caller throws it.</summary>
    public PluginStartException Fail(
        PluginStartStage stage, PluginStartReason reason, string found, string? expected = null, string? advice = null, Exception? innerException = null) =>
        new(Describe(stage, reason, found, expected, advice), innerException);

    /// <summary>The exception of a step that failed with a call to the plugin; the caller throws it.</summary>
    /// <param name="stage">The step.</param>
    /// <param name="reason">What the failure means, unless the plugin could not be reached.</param>
    /// <param name="call">The call, as the subject of a sentence.</param>
    /// <param name="failure">What the call failed with.</param>
    /// <param name="expected">What the step waited for.</param>
    /// <param name="advice">What the reader can do; null when the rest says it.</param>
    /// <param name="cancellationToken">The step's: when it has fired, the step was cancelled, whatever the call says.</param>
    public Exception FailCall(
        PluginStartStage stage, PluginStartReason reason, string call, RpcException failure, string expected, string? advice, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The start was cancelled.", failure, cancellationToken)
            : Fail(
                stage, failure.StatusCode == StatusCode.Unavailable ? PluginStartReason.ConnectFailed : reason,
                $"{call} ended with {failure.StatusCode}: {failure.Status.Detail}", expected, advice, failure);

    /// <summary>All that an exception tells of this failure.</summary>
    public PluginStartFailure Describe(PluginStartStage stage, PluginStartReason reason, string found, string? expected = null, string? advice = null) => new()
    {
        PluginName = PluginName,
        Stage = stage,
        Reason = reason,
        Elapsed = Elapsed,
        Expected = expected,
        Found = found,
        Advice = advice,
        Evidence = Evidence?.Invoke() ?? PluginStartEvidence.None,
    };
}
