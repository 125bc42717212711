using System.Reflection;
using Xunit.Sdk;

namespace Plugwire.Testing.Tests.Xunit;

public sealed class PluginWaysAttributeTests
{
    [Fact]
    public async Task Rows_WithoutMore_AreAllWays() => Assert.Equal(PluginWays.All, await WaysOfAsync(new PluginWaysAttribute()));

    [Fact]
    public async Task Rows_InTheTestsProcess_AreThoseWays() => Assert.Equal(PluginWays.InTestProcess, await WaysOfAsync(new PluginWaysAttribute { InTestProcess = true }));

    [Fact]
    public async Task Rows_OfSomeWays_AreThose() => Assert.Equal([PluginWay.Process], await WaysOfAsync(new PluginWaysAttribute(PluginWay.Process)));

    [Theory]
    [PluginWays(PluginWay.Memory, Arguments = ["a", 1])]
    [PluginWays(PluginWay.Memory, Arguments = ["bb", 2])]
    public void Arguments_FollowTheWay(PluginWay way, string text, int length) => Assert.Equal((PluginWay.Memory, length), (way, text.Length));

    [Fact]
    public async Task Skip_OfTheAttribute_IsEachRows()
    {
        var rows = await RowsOfAsync(new PluginWaysAttribute { Skip = "not now" });

        Assert.All(rows, row => Assert.Equal("not now", row.Skip));
    }

    [Fact]
    public void Ways_WithNoneAtAll_AreRefused() => Assert.Throws<ArgumentException>(() => new PluginWaysAttribute([]));

    [Fact]
    public async Task Ways_OfWhichNoneIsLeft_AreRefused()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RowsOfAsync(new PluginWaysAttribute(PluginWay.Process) { InTestProcess = true }));

        Assert.Contains("None of the ways Process", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<PluginWay>> WaysOfAsync(PluginWaysAttribute attribute) =>
        (await RowsOfAsync(attribute)).Select(row => Assert.IsType<PluginWay>(Assert.Single(row.GetData())));

    private static async Task<IReadOnlyCollection<ITheoryDataRow>> RowsOfAsync(PluginWaysAttribute attribute)
    {
        await using var tracker = new DisposalTracker();
        return await attribute.GetData((MethodInfo)MethodBase.GetCurrentMethod()!, tracker);
    }
}
