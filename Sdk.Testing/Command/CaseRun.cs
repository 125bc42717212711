namespace Plugwire.Testing.Command;

/// <summary>Runs cases and shows what became of them.</summary>
internal static class CaseRun
{
    public static async Task<int> RunAsync(Func<CancellationToken, Task<ConformanceReport>> run, string? junit, CancellationToken cancellationToken)
    {
        try
        {
            var report = await run(cancellationToken);
            ReportTable.Write(report);
            if (junit is not null)
                report.SaveJUnit(junit);
            return report.Count(ConformanceOutcome.HarnessError) > 0 ? ExitCodes.Unusable : report.Passed ? ExitCodes.Passed : ExitCodes.Failed;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            await Console.Error.WriteLineAsync("plugwire-conformance: " + failure.Message);
            return ExitCodes.Unusable;
        }
    }
}
