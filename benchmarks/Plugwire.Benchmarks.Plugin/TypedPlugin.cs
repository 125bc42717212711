using Plugwire.Benchmarks.Workloads;
using Plugwire.Benchmarks.Workloads.Serving;

namespace Plugwire.Benchmarks.Plugin;

/// <summary>Serves by the typed contract.</summary>
internal sealed class TypedPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddContract<IExchange, ExchangeContract>().AddService<ServerProcessService>();
}
