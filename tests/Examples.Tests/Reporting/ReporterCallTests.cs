using Examples.Inspect;
using Examples.Inspect.Reporting;
using Examples.Inspection;
using Examples.Reporting;
using Grpc.Core;
using Plugwire;

namespace Examples.Tests.Reporting;

public sealed class ReporterCallTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_Findings_AnswersTheirSummary()
    {
        await using var call = new ReporterCall("reporter", new ReporterService(), Cancellation);
        for (var i = 0; i < 1000; i++)
            await WriteAsync(call);

        Assert.Equal(1000, (await call.CompleteAsync().WaitAsync(Limit, Cancellation)).Findings);
    }

    [Fact]
    public async Task Write_ReporterThatFails_SaysWhichAndWhy()
    {
        await using var call = new ReporterCall("reporter", new Reporter(static () => throw new RpcException(new Status(StatusCode.ResourceExhausted, "it is full"))), Cancellation);

        var failure = await Assert.ThrowsAsync<InspectException>(() => WriteAsync(call));
        Assert.Equal("The plugin 'reporter' failed with ResourceExhausted: it is full", failure.Message);
        Assert.Equal(failure.Message, (await Assert.ThrowsAsync<InspectException>(call.CompleteAsync)).Message);
    }

    [Fact]
    public async Task Write_ReporterThatHasAnsweredAlready_IsNoSuccess()
    {
        await using var call = new ReporterCall("reporter", new Reporter(static () => new Summary()), Cancellation);

        var failure = await Assert.ThrowsAsync<InspectException>(() => WriteAsync(call));
        Assert.StartsWith("The plugin 'reporter' ended its work before all was sent to it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_CallThatIsNotComplete_CancelsIt()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = new ReporterCall("reporter", new WaitingReporter(cancelled), Cancellation);

        await call.DisposeAsync().AsTask().WaitAsync(Limit, Cancellation);

        Assert.True(cancelled.Task.IsCompletedSuccessfully);
    }

    private static Task WriteAsync(ReporterCall call) => call.WriteAsync(new Finding { RuleId = "rule" }, Cancellation).WaitAsync(Limit, Cancellation);

    /// <summary>Takes one finding, and answers.</summary>
    private sealed class Reporter(Func<Summary> answer) : IReporter
    {
        public async ValueTask<Summary> SummarizeAsync(IAsyncEnumerable<Finding> requests, CallContext call, CancellationToken cancellationToken)
        {
            await requests.FirstAsync(cancellationToken);
            return answer();
        }
    }

    private sealed class WaitingReporter(TaskCompletionSource cancelled) : IReporter
    {
        public async ValueTask<Summary> SummarizeAsync(IAsyncEnumerable<Finding> requests, CallContext call, CancellationToken cancellationToken)
        {
            try
            {
                return new Summary { Findings = await requests.CountAsync(cancellationToken) };
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                cancelled.TrySetResult();
                throw;
            }
        }
    }
}
