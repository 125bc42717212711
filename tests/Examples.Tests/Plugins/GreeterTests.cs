using Examples.Greeting;
using Plugwire.Testing;

namespace Examples.Tests.Plugins;

public sealed class GreeterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task SayHello_GreetsByName(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<GreeterPlugin>(way, cancellationToken: Token);

        var reply = await harness.CreateClient<Greeter.GreeterClient>().SayHelloAsync(new HelloRequest { Name = "world" }, cancellationToken: Token);

        Assert.Equal("Hello, world!", reply.Message);
    }
}
