using Consumer;
using Plugwire.Hosting;

await using var plugin = await Plugin.StartAsync(new PluginOptions(args[0]), CancellationToken.None);
var reply = await plugin.GetContract<IGreeter>().SayHelloAsync(new HelloRequest { Name = "consumer" });
Console.WriteLine($"{reply.Message}, to process {Environment.ProcessId}");
