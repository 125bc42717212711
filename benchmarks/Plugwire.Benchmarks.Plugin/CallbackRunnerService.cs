using Grpc.Core;
using Plugwire.Benchmarks.Workloads;

namespace Plugwire.Benchmarks.Plugin;

/// <summary>Carries out the workload that the host asks for by calling the host, and measures it: the plugin is the caller then.</summary>
/// <param name="host">The host's contract.</param>
internal sealed class CallbackRunnerService(IExchange host) : CallbackRunner.CallbackRunnerBase
{
    public override async Task<RunReply> Run(Workload request, ServerCallContext context)
    {
        var calls = new TypedCalls(host);
        var began = TimeProvider.System.GetTimestamp();
        await calls.RunAsync(request, context.CancellationToken);
        return new RunReply { Nanoseconds = (long)TimeProvider.System.GetElapsedTime(began).TotalNanoseconds };
    }
}
