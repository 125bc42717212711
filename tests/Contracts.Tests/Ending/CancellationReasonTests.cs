using Grpc.Core;
using Plugwire.Testing;

namespace Plugwire.Contracts.Tests.Ending;

/// <summary>What a handler's context makes of what its server says about the call's end.</summary>
public sealed class CancellationReasonTests
{
    private static readonly CancellationToken Fired = new(canceled: true);

    [Theory]
    [InlineData(StatusCode.Cancelled, CallCancellation.Caller)]
    [InlineData(StatusCode.DeadlineExceeded, CallCancellation.Deadline)]
    [InlineData(StatusCode.Aborted, CallCancellation.Stopping)]
    [InlineData(StatusCode.Unavailable, CallCancellation.ConnectionLost)]
    [InlineData(null, CallCancellation.Caller)]
    public void Server_ThatTellsTheEnd_IsBelieved(StatusCode? told, CallCancellation expected)
    {
        var call = new TestServerCallContext(cancellationToken: Fired);
        call.UserState["plugwire.call.ended"] = () => told;

        Assert.Equal(expected, call.Call.Cancellation);
    }

    [Fact]
    public void Token_ThatHasNotFired_IsNoCancellation()
    {
        var call = new TestServerCallContext();
        call.UserState["plugwire.call.ended"] = () => (StatusCode?)StatusCode.DeadlineExceeded;

        Assert.Equal(CallCancellation.None, call.Call.Cancellation);
    }

    [Theory]
    [InlineData(-1.0, CallCancellation.Deadline)]
    [InlineData(0.1, CallCancellation.Deadline)]
    [InlineData(3600.0, CallCancellation.Caller)]
    [InlineData(null, CallCancellation.Caller)]
    public void Server_ThatTellsNothing_IsKnownByTheDeadline(double? seconds, CallCancellation expected)
    {
        var call = new ForeignCall(seconds is { } left ? TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(left) : DateTime.MaxValue);

        Assert.Equal(expected, call.Call.Cancellation);
    }
}
