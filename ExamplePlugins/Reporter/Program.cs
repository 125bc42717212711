using Examples.Reporting;
using Plugwire;

await PluginApplication.RunAsync<ReporterPlugin>(args);
