using Grpc.Core;
using Plugwire.Hosting.Failures;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;

namespace Plugwire.Hosting.Tests.Failures;

public sealed class PluginCallExceptionTests
{
    private static readonly PluginLoss Death = new("Plugin 'todo' (process 7) exited with code 4 after 1.0 s.", PluginCallReason.PluginDied, ExitCode: 4, StandardErrorTail: "one\ntwo\n");

    [Theory]
    [InlineData(CallEnd.Server, PluginCallReason.Status)]
    [InlineData(CallEnd.ServerStops, PluginCallReason.StoppedByPlugin)]
    [InlineData(CallEnd.Caller, PluginCallReason.Cancelled)]
    [InlineData(CallEnd.Deadline, PluginCallReason.DeadlineExceeded)]
    [InlineData(CallEnd.Connection, PluginCallReason.ConnectionLost)]
    [InlineData(CallEnd.ThisSide, PluginCallReason.Rejected)]
    internal void Reason_OfWhatIsNotExplained_FollowsWhatEndedTheCall(CallEnd end, PluginCallReason reason) =>
        Assert.Equal(reason, Fail(StatusCode.Unknown, "", end).Reason);

    [Fact]
    public void Reason_OfEveryEnd_IsKnown() =>
        Assert.Equal(Enum.GetValues<CallEnd>().Length, Enum.GetValues<CallEnd>().Select(end => Fail(StatusCode.Unknown, "", end).Reason).Distinct().Count());

    [Fact]
    public void Message_OfAPluginThatDied_TellsHowAndQuotesItsLastLines()
    {
        var failure = Fail(StatusCode.Unavailable, Death.Reason, CallEnd.Connection, explanation: Death);

        Assert.Equal(
            """
            The call of /tests.Rules/List on plugin 'todo' failed with Unavailable: Plugin 'todo' (process 7) exited with code 4 after 1.0 s.
            The plugin may have executed the call.
            Its last lines on standard error:
              | one
              | two
            """,
            failure.Message,
            ignoreLineEndingDifferences: true);
        Assert.Equal((PluginCallReason.PluginDied, 4, null, "one\ntwo\n"), (failure.Reason, failure.ExitCode, failure.Signal, failure.StandardErrorTail));
        Assert.Equal(("todo", "/tests.Rules/List", CallExecution.MaybeExecuted), (failure.PluginName, failure.Method, failure.Execution));
    }

    [Fact]
    public void Message_OfAPluginThatWasStopped_TellsBothSides()
    {
        var stop = new PluginLoss("Plugin 'todo' (process 7) was stopped by its host.", PluginCallReason.StoppedByHost);

        var failure = Fail(StatusCode.Unavailable, "The server is stopping.", CallEnd.ServerStops, explanation: stop);

        Assert.Equal(
            """
            The call of /tests.Rules/List on plugin 'todo' failed with Unavailable: The server is stopping.
            Plugin 'todo' (process 7) was stopped by its host.
            The plugin may have executed the call.
            """,
            failure.Message,
            ignoreLineEndingDifferences: true);
        Assert.Equal(PluginCallReason.StoppedByHost, failure.Reason);
    }

    [Fact]
    public void Message_OfACallThatWasNotSent_SaysSo()
    {
        var failure = Fail(StatusCode.DeadlineExceeded, "The call's deadline has passed.", CallEnd.Deadline, maybeExecuted: false);

        Assert.Equal(
            "The call of /tests.Rules/List on plugin 'todo' failed with DeadlineExceeded: The call's deadline has passed.\nThe plugin has not executed the call.",
            failure.Message);
        Assert.Equal(CallExecution.NotSent, failure.Execution);
    }

    [Fact]
    public void Message_OfAPluginsOwnStatus_IsThatAloneSafeToShowAndNotTooLong()
    {
        var failure = Fail(StatusCode.NotFound, $"\e]0;owned\a{new string('x', 5000)}", CallEnd.Server);

        Assert.StartsWith("The call of /tests.Rules/List on plugin 'todo' failed with NotFound: \\u001B]0;owned\\u0007xxx", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("xxx…", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 2000, 2200);
    }

    [Fact]
    public void Exception_CaughtAsRpcException_HasStatusTrailersAndCause()
    {
        var cause = new IOException("Broken pipe.");
        var trailers = new Metadata { { "retry", "later" } };

        RpcException failure = new PluginCallException(
            "todo", new CallFailure("/tests.Rules/List", new Status(StatusCode.Unavailable, "Gone.", cause), trailers, CallEnd.Connection, MaybeExecuted: true, Explanation: null));

        Assert.Equal((StatusCode.Unavailable, "Gone."), (failure.StatusCode, failure.Status.Detail));
        Assert.Same(trailers, failure.Trailers);
        Assert.Same(cause, failure.InnerException);
    }

    private static PluginCallException Fail(StatusCode code, string detail, CallEnd end, bool maybeExecuted = true, LossExplanation? explanation = null) =>
        new("todo", new CallFailure("/tests.Rules/List", new Status(code, detail), Metadata.Empty, end, maybeExecuted, explanation));
}
