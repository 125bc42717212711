using Plugwire;
using Plugwire.TestPlugins.Contracts;

return await PluginApplication.RunAsync<ContractPlugin>(args);
