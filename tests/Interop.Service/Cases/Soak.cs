using Grpc.Core;

namespace Plugwire.Interop.Cases;

/// <summary>Many large unary calls one after the other, of which only so many may fail or be late.</summary>
internal static class Soak
{
    /// <param name="run">The case's run.</param>
    /// <param name="call">Makes one call; its token fires when that one is late.</param>
    public static async Task RunAsync(InteropRun run, Func<CancellationToken, Task<SimpleResponse>> call)
    {
        var failures = new List<string>();
        for (var i = 0; i < run.Options.SoakIterations; i++)
        {
            if (await OnceAsync(run, call) is not { } failure)
                continue;

            failures.Add($"call {i + 1}: {failure}");
            if (failures.Count > run.Options.SoakMaxFailures)
                throw new InteropException($"Expected at most {run.Options.SoakMaxFailures} failures in {run.Options.SoakIterations} calls, found {string.Join("; ", failures)}");
        }
    }

    public static SimpleRequest Request() => new() { ResponseSize = 314_159, Payload = Payloads.Create(271_828) };

    private static async Task<string?> OnceAsync(InteropRun run, Func<CancellationToken, Task<SimpleResponse>> call)
    {
        using var late = new CancellationTokenSource(run.Options.SoakCallLimit, run.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, run.Ended);
        try
        {
            var size = (await call(either.Token)).Payload.Body.Length;
            return size == 314_159 ? null : $"a response of {size} bytes instead of 314159.";
        }
        catch (Exception exception) when (late.IsCancellationRequested && exception is RpcException or OperationCanceledException)
        {
            return $"not answered within {run.Options.SoakCallLimit.TotalSeconds} s.";
        }
        catch (RpcException exception)
        {
            return $"{exception.Status}.";
        }
    }
}
