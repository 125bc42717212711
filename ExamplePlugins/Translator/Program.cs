using Examples.Translating;
using Plugwire;

await PluginApplication.RunAsync<TranslatorPlugin>(args);
