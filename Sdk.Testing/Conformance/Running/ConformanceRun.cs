using System.Globalization;

namespace Plugwire.Testing.Conformance.Running;

/// <summary>Runs checks, each within its budget, and makes a report of what they say.</summary>
/// <param name="suite"><c>plugin</c> or <c>host</c>.</param>
/// <param name="subject">What is looked at, as it was named.</param>
/// <param name="revision">The revision of the requirements.</param>
/// <param name="caseTimeout">How long one check may take.</param>
/// <param name="parallelism">How many run side by side.</param>
internal sealed class ConformanceRun(string suite, string subject, string revision, TimeSpan caseTimeout, int parallelism)
{
    /// <exception cref="OperationCanceledException">The token was cancelled; no check runs any more.</exception>
    public async Task<ConformanceReport> RunAsync<TSubject>(TSubject target, IReadOnlyList<ConformanceCheck<TSubject>> checks, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        var results = new ConformanceResult[checks.Count];
        var order = Enumerable.Range(0, checks.Count).ToLookup(index => checks[index].Alone);
        await Parallel.ForEachAsync(
            order[false],
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (index, token) => results[index] = await RunAsync(target, checks[index], token).ConfigureAwait(false)).ConfigureAwait(false);
        foreach (var index in order[true])
            results[index] = await RunAsync(target, checks[index], cancellationToken).ConfigureAwait(false);
        return new ConformanceReport(suite, subject, revision, results, TimeProvider.System.GetElapsedTime(began));
    }

    private async Task<ConformanceResult> RunAsync<TSubject>(TSubject target, ConformanceCheck<TSubject> check, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var late = new CancellationTokenSource(caseTimeout, TimeProvider.System);
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var (outcome, detail) = await JudgeAsync(target, check, budget.Token, cancellationToken).ConfigureAwait(false);
        return new ConformanceResult(check.Case, outcome, detail, TimeProvider.System.GetElapsedTime(began));
    }

    private async Task<(ConformanceOutcome Outcome, string Detail)> JudgeAsync<TSubject>(
        TSubject target, ConformanceCheck<TSubject> check, CancellationToken budget, CancellationToken cancellationToken)
    {
        try
        {
            await check.RunAsync(target, budget).ConfigureAwait(false);
            return (ConformanceOutcome.Pass, "");
        }
        catch (CaseFailedException failure)
        {
            return (ConformanceOutcome.Fail, failure.Message);
        }
        catch (CaseSkippedException skipped)
        {
            return (ConformanceOutcome.Skip, skipped.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            return (ConformanceOutcome.Fail, string.Create(CultureInfo.InvariantCulture, $"The case has not come to its end within {caseTimeout.TotalSeconds:0.###} s."));
        }
        catch (Exception failure)
        {
            return (ConformanceOutcome.HarnessError, failure.ToString());
        }
    }
}
