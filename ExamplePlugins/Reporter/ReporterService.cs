using Examples.Inspection;
using Plugwire;

namespace Examples.Reporting;

/// <summary>Client stream: findings in, one summary out.</summary>
internal sealed class ReporterService : IReporter
{
    public async ValueTask<Summary> SummarizeAsync(IAsyncEnumerable<Finding> requests, CallContext call, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        await foreach (var finding in requests.WithCancellation(cancellationToken))
            tally.Add(finding);
        return tally.ToSummary();
    }
}
