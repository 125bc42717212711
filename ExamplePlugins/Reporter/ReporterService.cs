using Examples.Inspection;
using Grpc.Core;

namespace Examples.Reporting;

/// <summary>Client stream: findings in, one summary out.</summary>
internal sealed class ReporterService : Reporter.ReporterBase
{
    public override async Task<Summary> Summarize(IAsyncStreamReader<Finding> requestStream, ServerCallContext context)
    {
        var tally = new Tally();
        while (await requestStream.MoveNext(context.CancellationToken))
            tally.Add(requestStream.Current);
        return tally.ToSummary();
    }
}
