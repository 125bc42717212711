using Grpc.Core;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Rpc;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>The service that cases call: it echoes, and knows how many of its handlers run.</summary>
internal sealed class FuzzService
{
    // A count that a mutation has made large says nothing about the wire.
    private const int MostReplies = 16;

    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private int _running;
    private int _begun;

    public int Begun => Volatile.Read(ref _begun);

    public RpcMethods Bind()
    {
        var echo = new ScriptedEcho();
        var (unary, upload, duplex) = (echo.OnUnary, echo.OnClientStream, echo.OnDuplex);
        echo.OnUnary = (request, context) => RunAsync(() => unary(request, context));
        echo.OnClientStream = (requests, context) => RunAsync(() => upload(requests, context));
        echo.OnDuplex = (requests, replies, context) => RunAsync(async () =>
        {
            // What the caller sends may make it fail as well.
            await context.WriteResponseHeadersAsync(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
            await duplex(requests, replies, context);
            return true;
        });
        echo.OnServerStream = (request, replies, context) => RunAsync(async () =>
        {
            for (var i = 0; i < Math.Min(request.Count, MostReplies); i++)
                await replies.WriteAsync(new EchoReply { Text = request.Text, Payload = request.Payload, Count = i }, context.CancellationToken);
            context.ResponseTrailers.Add("count", "some");
            return true;
        });
        var methods = new RpcMethods();
        Echo.BindService(methods, echo);
        return methods;
    }

    /// <summary>Ends when no handler runs.</summary>
    public Task WhenIdle()
    {
        lock (_gate)
            return _running == 0 ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private async Task<T> RunAsync<T>(Func<Task<T>> handler)
    {
        lock (_gate)
            _running++;
        Interlocked.Increment(ref _begun);
        try
        {
            return await handler();
        }
        finally
        {
            lock (_gate)
            {
                if (--_running == 0)
                {
                    _idle?.SetResult();
                    _idle = null;
                }
            }
        }
    }
}
