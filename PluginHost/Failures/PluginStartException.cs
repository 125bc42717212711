using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting;

/// <summary>
/// A plugin did not start. Says at which step and why, how long it took, and what the process left behind. When it is thrown, the process
/// and its launch directory are gone.
/// </summary>
public class PluginStartException : PluginException
{
    internal PluginStartException(PluginStartFailure failure, Exception? innerException = null)
        : base(failure.PluginName, PluginStartMessage.Compose(failure), innerException)
    {
        Stage = failure.Stage;
        Reason = failure.Reason;
        Elapsed = failure.Elapsed;
        ExitCode = failure.Evidence.ExitCode;
        Signal = failure.Evidence.Signal;
        StandardErrorTail = failure.Evidence.StandardErrorTail;
        StandardOutput = failure.Evidence.StandardOutput;
    }

    /// <summary>The step that failed.</summary>
    public PluginStartStage Stage { get; }

    /// <summary>Why it failed.</summary>
    public PluginStartReason Reason { get; }

    /// <summary>How long after the beginning of the start it failed.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The exit code of the process; null when there was no process, it still ran, or a signal ended it.</summary>
    public int? ExitCode { get; }

    /// <summary>The number of the signal that ended the process; null when none did.</summary>
    public int? Signal { get; }

    /// <summary>The last that the process wrote to its standard error, at most 8 KiB; empty when it wrote nothing.</summary>
    public string StandardErrorTail { get; }

    /// <summary>The first that the process wrote to its standard output, at most 2 KiB; empty when it wrote nothing.</summary>
    public string StandardOutput { get; }
}
