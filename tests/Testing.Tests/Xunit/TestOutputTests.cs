using Xunit.v3;

namespace Plugwire.Testing.Tests.Xunit;

public sealed class TestOutputTests
{
    [Fact]
    public async Task OfThisTest_WritesToItsOutput_AlsoFromThreadsThatDoNotKnowOfIt()
    {
        var output = TestOutput.OfThisTest();
        Task writing;
        using (ExecutionContext.SuppressFlow())
            writing = Task.Run(() => output("from elsewhere"));
        await writing.Within();

        Assert.Contains("from elsewhere", TestContext.Current.TestOutputHelper!.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfThisTest_WhereNoTestRuns_IsRefused()
    {
        Task<InvalidOperationException> asking;
        using (ExecutionContext.SuppressFlow())
            asking = Task.Run(() => Assert.Throws<InvalidOperationException>(TestOutput.OfThisTest));

        Assert.Contains("No test runs now", (await asking.Within()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_AfterTheTest_IsPassedOver()
    {
        // As xunit leaves it when the test has ended.
        var ended = new TestOutputHelper();
        Assert.Throws<InvalidOperationException>(() => ended.WriteLine("late"));

        TestOutput.Of(ended)("late");
    }

    [Fact]
    public async Task WriteToTestOutput_SendsTheLogThere()
    {
        await using (await PluginHarness.StartAsync(_ => { }, configure: options => options.WriteToTestOutput(), cancellationToken: TestContext.Current.CancellationToken))
        {
        }

        Assert.Contains("plugin-under-test", TestContext.Current.TestOutputHelper!.Output, StringComparison.Ordinal);
    }
}
