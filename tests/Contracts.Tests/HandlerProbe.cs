using System.Runtime.CompilerServices;

namespace Plugwire.Contracts.Tests;

/// <summary>Makes every method of the test's implementation wait until its token fires, and sees what it is told then.</summary>
internal sealed class HandlerProbe
{
    public Signal Started { get; } = new();

    public Signal Ended { get; } = new();

    /// <summary>Why the token fired, as the handler's context says.</summary>
    public CallCancellation Reason { get; private set; }

    public static HandlerProbe In(ScriptedEcho service, int messagesFirst = 0)
    {
        var probe = new HandlerProbe();
        service.OnUnary = async (_, call, token) =>
        {
            await probe.WaitAsync(call, token);
            return new EchoReply();
        };
        service.OnUpload = async (_, call, token) =>
        {
            await probe.WaitAsync(call, token);
            return new EchoReply();
        };
        service.OnDownload = (_, call, token) => probe.AnswerAsync(messagesFirst, call, token);
        service.OnDuplex = (_, call, token) => probe.AnswerAsync(messagesFirst, call, token);
        return probe;
    }

    private async Task WaitAsync(CallContext call, CancellationToken token)
    {
        Started.Set();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }
        finally
        {
            Reason = call.Cancellation;
            Ended.Set();
        }
    }

    private async IAsyncEnumerable<EchoReply> AnswerAsync(int count, CallContext call, [EnumeratorCancellation] CancellationToken token)
    {
        for (var i = 0; i < count; i++)
            yield return new EchoReply { Count = i };
        await WaitAsync(call, token);
    }
}
