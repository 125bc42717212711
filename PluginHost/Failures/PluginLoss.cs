using Plugwire.Wire.Http2;

namespace Plugwire.Hosting.Failures;

/// <summary>What a host knows of the end of its connection to a plugin.</summary>
/// <param name="Reason">A sentence for people.</param>
/// <param name="Cause">The same for programs.</param>
/// <param name="ExitCode">Null when the process is not known to have ended, or when a signal ended it.</param>
/// <param name="Signal">Null when no signal is known to have ended it.</param>
/// <param name="StandardErrorTail">The last that the process wrote to standard error; empty while it is not known to have ended.</param>
internal sealed record PluginLoss(
    string Reason, PluginCallReason Cause, int? ExitCode = null, int? Signal = null, string StandardErrorTail = "") : LossExplanation(Reason);
