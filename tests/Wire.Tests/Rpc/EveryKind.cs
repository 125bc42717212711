using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>What a test does with each of the four kinds of calls.</summary>
internal static class EveryKind
{
    /// <summary>Makes every method of the service wait for <paramref name="body"/>, and then answer OK.</summary>
    public static void Do(this ScriptedEcho service, Func<ServerCallContext, Task> body)
    {
        service.OnUnary = async (_, context) =>
        {
            await body(context);
            return new EchoReply();
        };
        service.OnClientStream = async (_, context) =>
        {
            await body(context);
            return new EchoReply();
        };
        service.OnServerStream = (_, _, context) => body(context);
        service.OnDuplex = (_, _, context) => body(context);
    }

    /// <summary>Makes every method wait until its token fires; tells when it has begun and when it was cancelled.</summary>
    public static (Signal Started, Signal Cancelled) WaitForCancellation(this ScriptedEcho service)
    {
        var started = new Signal();
        var cancelled = new Signal();
        service.Do(async context =>
        {
            started.Set();
            await context.WaitForCancellationAsync(cancelled.Set);
        });
        return (started, cancelled);
    }

    /// <summary>Waits until the call is cancelled, tells so, and fails as a handler does that keeps to its token.</summary>
    public static async Task WaitForCancellationAsync(this ServerCallContext context, Action cancelled)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        }
        finally
        {
            // Not by a callback on the token: callbacks run last to first, and the handler's end would take this one back.
            cancelled();
        }
    }
}
