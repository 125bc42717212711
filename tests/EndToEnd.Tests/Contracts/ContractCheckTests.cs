using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Contracts.Current;

namespace Plugwire.EndToEnd.Tests.Contracts;

/// <summary>Real plugins that mean the same by a contract, something older, or do not tell.</summary>
public sealed class ContractCheckTests : PluginTest
{
    [Theory]
    [InlineData(ContractCheck.WhenServed)]
    [InlineData(ContractCheck.Required)]
    [InlineData(ContractCheck.Off)]
    public async Task Plugin_WithTheSameContract_StartsAndIsCalled(ContractCheck check)
    {
        await using var plugin = await StartAsync(Catalog(check, "current"));

        Assert.Equal("atlas", (await plugin.GetContract<ICatalog>().FindAsync(new Query { Text = "atlas" }).Within()).Id);
    }

    [Theory]
    [InlineData(ContractCheck.WhenServed)]
    [InlineData(ContractCheck.Required)]
    public async Task Plugin_WithAnOlderContract_IsRefusedWithATableAndLeavesNothing(ContractCheck check)
    {
        var failure = Assert.IsType<ContractMismatchException>(await RefusedAsync(Catalog(check, "older")));

        Assert.Equal(
            [
                new("CONTRACT002", "plugwire.testplugins.catalog.v1.Catalog.Watch", "rpc Watch (server stream)", "no such method"),
                new("CONTRACT011", "plugwire.testplugins.catalog.v1.Item.Kind.KIND_BOOK", "KIND_BOOK = 1", "KIND_BOOK = 2"),
                new("CONTRACT011", "plugwire.testplugins.catalog.v1.Item.Kind.KIND_MAP", "KIND_MAP = 2", "KIND_MAP = 1"),
                new("CONTRACT007", "plugwire.testplugins.catalog.v1.Item.price", "int64 price = 3", "string price = 3"),
            ],
            failure.Differences);
        Assert.StartsWith("Plugin 'subject' did not start: checking its contracts failed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The plugin is the older side", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_WithAnOlderContractAndTheCheckOff_Starts()
    {
        await using var plugin = await StartAsync(Catalog(ContractCheck.Off, "older"));

        Assert.Equal("atlas", (await plugin.GetContract<ICatalog>().FindAsync(new Query { Text = "atlas" }).Within()).Id);
    }

    [Theory]
    [InlineData(ContractCheck.WhenServed)]
    [InlineData(ContractCheck.Required)]
    public async Task Plugin_WithoutTheService_IsRefused(ContractCheck check)
    {
        var failure = Assert.IsType<ContractMismatchException>(await RefusedAsync(Catalog(check, "nothing")));

        Assert.Equal("CONTRACT001", Assert.Single(failure.Differences).Rule);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_BoundByHand_StartsUnlessDescriptorsAreRequired()
    {
        await using (var plugin = await StartAsync(Catalog(ContractCheck.WhenServed, "by-hand")))
            Assert.Equal("atlas", (await plugin.GetContract<ICatalog>().FindAsync(new Query { Text = "atlas" }).Within()).Id);

        var failure = await RefusedAsync(Catalog(ContractCheck.Required, "by-hand"));

        Assert.Equal((PluginStartStage.Contracts, PluginStartReason.ContractNotDescribed), (failure.Stage, failure.Reason));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task JavaScript_WithoutReflection_StartsUnlessDescriptorsAreRequired()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("node"), "There is no node on this machine.");
        await using (var plugin = await StartAsync(Options(TestPrograms.Script("echo.js")).AddContract<ICatalog>()))
        {
            // It gives what it gets.
            Assert.Equal("atlas", (await plugin.GetContract<ICatalog>().FindAsync(new Query { Text = "atlas" }).Within()).Id);
            Assert.False(plugin.Supports("watch"));
        }

        var required = Options(TestPrograms.Script("echo.js")).AddContract<ICatalog>();
        required.ContractCheck = ContractCheck.Required;

        Assert.Equal(PluginStartReason.ContractNotDescribed, (await RefusedAsync(required)).Reason);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugin_WithCapabilities_SupportsThem()
    {
        await using var plugin = await StartAsync(Options(TestPrograms.Contract, "--serve=current", "--capabilities=watch,batch.v2"));

        Assert.True(plugin.Supports("watch"));
        Assert.True(plugin.Supports("batch.v2"));
        Assert.False(plugin.Supports("batch"));
    }

    private PluginOptions Catalog(ContractCheck check, string served)
    {
        var options = Options(TestPrograms.Contract, "--serve=" + served).AddContract<ICatalog>();
        options.ContractCheck = check;
        return options;
    }
}
