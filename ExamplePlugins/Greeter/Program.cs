using Examples.Greeting;
using Grpc.Core;
using Plugwire;

await PluginApplication.RunAsync<GreeterPlugin>(args);

internal sealed class GreeterPlugin : IPlugin
{
    public void Configure(IPluginBuilder plugin) => plugin.AddService<GreeterService>();
}

internal sealed class GreeterService : Greeter.GreeterBase
{
    public override Task<HelloReply> SayHello(HelloRequest request, ServerCallContext context) =>
        Task.FromResult(new HelloReply { Message = $"Hello, {request.Name}!" });
}
