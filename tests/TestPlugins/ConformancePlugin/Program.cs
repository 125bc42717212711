using Microsoft.Extensions.DependencyInjection;
using Plugwire;
using Plugwire.TestPlugins.Conformance;
using Plugwire.TestPlugins.Conformance.ByHand;

// A plugin that meets all requirements: made with the SDK; or, with --by-hand, below it. With --break=ID the latter fails that one case.
if (Fault.Of(args) is { } fault)
    return await new HandmadePlugin(fault, servesContract: args.Contains("--conformance")).RunAsync();

var builder = PluginApplication.CreateBuilder(args);
builder.Options.ProtocolVersions = [1, 2, 3];
if (args.Contains("--conformance"))
{
    builder.Services.AddSingleton<PluginOutput, SdkOutput>();
    builder.Services.AddSingleton<WaitJournal>();
    builder.Services.AddSingleton(Fault.None);
    builder.AddService<ConformanceService>();
}

return await builder.Build().RunAsync();
