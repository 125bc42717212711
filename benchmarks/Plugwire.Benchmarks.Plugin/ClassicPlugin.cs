using Plugwire.Benchmarks.Workloads.Serving;

namespace Plugwire.Benchmarks.Plugin;

/// <summary>Serves by base classes that Grpc.Tools generates.</summary>
internal sealed class ClassicPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddService<ExchangeService>().AddService<ServerProcessService>();
}
