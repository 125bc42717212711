using Grpc.Core;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.LockedDoors;

/// <summary>The directory of a plugin that runs is written over or removed. Much of a program is loaded late.</summary>
public sealed class UpgradeTests : PluginTest
{
    // Lies beside the plugin, and it has no use for it.
    private const string Unused = "Microsoft.Extensions.FileSystemGlobbing";

    [Fact]
    public async Task PrivateCopy_DirectoryRemovedUnderTheRunningPlugin_LoadsAnAssemblyAfterwards()
    {
        using var installed = Installation.OfFaulty();
        var options = Options(installed.Faulty);
        options.Integrity.PrivateCopy = true;
        await using var plugin = await StartAsync(options);

        installed.Remove();

        var loaded = await LoadAsync(plugin);
        Assert.True(loaded.IsNew);
        Assert.StartsWith(Root.Path + "/", loaded.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrivateCopy_EveryFileWrittenOverInPlace_LoadsAnAssemblyAfterwardsAndTheNextStartRunsTheNewVersion()
    {
        using var installed = Installation.OfFaulty();
        var options = Options(installed.Faulty);
        options.Integrity.PrivateCopy = true;
        await using var plugin = await StartAsync(options);

        installed.WriteOver();

        Assert.True((await LoadAsync(plugin)).IsNew);
        Assert.Equal(PluginStartReason.BadFormat, (await RefusedAsync(options)).Reason);
        Assert.Equal("hello", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "hello" }).ResponseAsync.Within()).Text);
    }

    [Fact]
    public async Task NoPrivateCopy_DirectoryRemovedUnderTheRunningPlugin_CannotLoadAnAssembly()
    {
        using var installed = Installation.OfFaulty();
        await using var plugin = await StartAsync(Options(installed.Faulty));

        installed.Remove();

        // What the copy is for: without it this is what happens.
        await Assert.ThrowsAnyAsync<RpcException>(() => LoadAsync(plugin));
    }

    private static Task<LoadedAssembly> LoadAsync(Plugin plugin) =>
        plugin.CreateClient<Faults.FaultsClient>().LoadAssemblyAsync(new AssemblyRequest { Name = Unused }).ResponseAsync.Within();
}
