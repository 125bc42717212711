using Examples.Todos;
using Plugwire;

await PluginApplication.RunAsync<TodoPlugin>(args);
