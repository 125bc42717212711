using Consumer;
using Plugwire;

return await PluginApplication.RunAsync<GreeterPlugin>(args);

internal sealed class GreeterPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddContract<IGreeter, PoliteGreeter>();
}

internal sealed class PoliteGreeter : IGreeter
{
    public ValueTask<HelloReply> SayHelloAsync(HelloRequest request, CallContext call = default, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new HelloReply { Message = $"Hello, {request.Name}, from process {Environment.ProcessId}" });
}
