using Examples.Inspection;
using Examples.Todos;
using Plugwire.Hosting;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Fakes;

public sealed class FakeHostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Host_OffersItsContracts_AndRecordsTheirCalls(PluginWay way)
    {
        var host = new FakeHost();
        host.Contract<IRules>().When(c => c.ListWordsAsync, (ListWordsRequest _) => new WordList { Words = { new Word { Text = "TODO" } } });
        host.Contract<IEcho>();
        await using var harness = await PluginHarness.StartAsync<TodoPlugin>(way, options => host.OfferTo(options.Host), Token);

        await harness.GetContract<IInspector>().DescribeAsync(new DescribeRequest(), cancellationToken: Token);

        Assert.Equal("ListWords", host.Calls.Single().Method);
        host.Contract<IRules>().Calls.Single();
        host.Contract<IEcho>().Calls.None();
    }

    [Fact]
    public async Task ClassThatTakesTheHostsContracts_IsTestedAlone()
    {
        var host = new FakeHost();
        host.Contract<IEcho>().When(c => c.UnaryAsync, (Text request) => request);

        await new Asker(host).AskAsync();

        Assert.Equal("the fake host", Assert.Single(host.Calls).Messages.Cast<Text>().Single().Value);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task HeadersAndCancellation_OfAPluginsCall_AreOnRecord(PluginWay way)
    {
        var echo = new FakeContract<IEcho>();
        var unary = echo.When(c => c.UnaryAsync, (Text request) => request);
        unary.Hold();
        await using var harness = await PluginHarness.StartAsync(plugin => { }, way, options => options.Host.AddHostContract(echo), Token);
        var host = (IHostContracts)harness.Services.GetService(typeof(IHostContracts))!;
        using var cancelling = new CancellationTokenSource();

        var asking = host.GetHostContract<IEcho>().UnaryAsync(new Text(), new CallContext { Headers = new() { { "tenant", "7" } } }, cancelling.Token).AsTask();
        var call = await unary.Calls.WaitForAsync(cancellationToken: Token).Within();
        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.Within());
        Assert.Equal("7", call.Headers.GetValue("tenant"));
        Assert.Equal(CallCancellation.Caller, await call.WaitForCancellationAsync(Token).Within());
    }

    [Fact]
    public void Host_WithoutContracts_IsRefused() =>
        Assert.Contains("has no contract to offer", Assert.Throws<InvalidOperationException>(() => new FakeHost().OfferTo(new PluginOptions())).Message, StringComparison.Ordinal);

    [Fact]
    public void Contract_ThatIsOfferedTwice_IsRefused()
    {
        var options = new PluginOptions();
        options.AddHostContract(new FakeContract<IEcho>());

        Assert.Throws<InvalidOperationException>(() => options.AddHostContract(new FakeContract<IEcho>()));
    }

    private sealed class Asker(IHostContracts host)
    {
        public async Task AskAsync() => await host.GetHostContract<IEcho>().UnaryAsync(new Text { Value = "the fake host" }, cancellationToken: Token);
    }
}
