using System.Runtime.CompilerServices;
using Plugwire.Testing;

namespace Plugwire.EndToEnd.Tests;

/// <summary>Waits for an entry of the host's log as long as for all else of a real process.</summary>
internal static class LogEntries
{
    /// <summary>The first entry that matches: one that is there, or the next to come.</summary>
    public static async Task<LogRecord> EntryAsync(this RecordedLogs logs, Func<LogRecord, bool> matches, [CallerArgumentExpression(nameof(matches))] string? expression = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await logs.WaitForAsync(matches, TestContext.Current.CancellationToken, expression);
            }
            catch (ExpectationException) when (TimeProvider.System.GetElapsedTime(began) < TestLimit.Limit)
            {
                // The kit's own limit is shorter. What the failure says is said when the time is over.
            }
        }
    }

    public static Task<LogRecord> EntryAsync(this RecordedLogs logs, string message) => logs.EntryAsync(entry => entry.Message == message, $"'{message}'");
}
