using Plugwire.Testing;

namespace Plugwire.Hosting.Tests.Launching;

/// <summary>Waits for an entry of a log for as long as for a process: the kit's own limit is for one that nothing keeps from coming.</summary>
internal static class RecordedLogsWait
{
    /// <summary>The first entry with this in its message: one that is there, or the next to come.</summary>
    public static async Task<LogRecord> UntilAsync(this RecordedLogs logs, string part)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await logs.WaitForAsync(record => record.Message.Contains(part, StringComparison.Ordinal), TestContext.Current.CancellationToken, $"'{part}'");
            }
            catch (ExpectationException) when (TimeProvider.System.GetElapsedTime(began) < Shell.Limit)
            {
                // What it says is said when the time is over.
            }
        }
    }
}
