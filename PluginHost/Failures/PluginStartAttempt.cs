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

    /// <summary>What the process has left behind so far. Set once there is a process, so that no failure after that comes without it.</summary>
    public Func<PluginStartEvidence>? Evidence { get; set; }

    /// <summary>The exception that tells this failure; the caller throws it.</summary>
    public PluginStartException Fail(
        PluginStartStage stage, PluginStartReason reason, string found, string? expected = null, string? advice = null, Exception? innerException = null) =>
        new(Describe(stage, reason, found, expected, advice), innerException);

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
