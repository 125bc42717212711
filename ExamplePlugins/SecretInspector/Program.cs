using Examples.Secrets;
using Plugwire;

await PluginApplication.RunAsync<SecretPlugin>(args);
