using Plugwire.Benchmarks.Workloads;
using Plugwire.Benchmarks.Workloads.Serving;

namespace Plugwire.Benchmarks.Plugin;

/// <summary>Serves by the typed contract, and calls the same contract of its host.</summary>
internal sealed class TypedPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin
        .AddContract<IExchange, ExchangeContract>()
        .UseHostContract<IExchange>()
        .AddService<CallbackRunnerService>()
        .AddService<ServerProcessService>();
}
