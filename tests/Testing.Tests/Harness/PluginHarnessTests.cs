using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

public sealed class PluginHarnessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Plugin_InTheTestsProcess_AnswersACall(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<EchoPlugin>(way, options => options.WriteToTestOutput(), Token);

        var answer = await harness.GetContract<IEcho>().UnaryAsync(new Text { Value = "hello" }, cancellationToken: Token);

        Assert.Equal("hello", answer.Value);
    }
}
