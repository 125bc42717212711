using Grpc.Core;
using Plugwire.Hosting.Tests.Supervising;

namespace Plugwire.Hosting.Tests.Checking;

public sealed class CapabilityTests
{
    [Fact]
    public async Task Supports_WhatThePluginNamed_AndNothingElse()
    {
        await using var served = new ServedPlugin { Describe = () => ["watch", "Batch.v2"] };
        await using var plugin = await served.StartAsync();

        Assert.True(plugin.Supports("watch"));
        Assert.True(plugin.Supports("Batch.v2"));
        Assert.False(plugin.Supports("batch.v2"));
        Assert.False(plugin.Supports(""));
        Assert.Throws<ArgumentNullException>(() => plugin.Supports(null!));
    }

    [Fact]
    public async Task Supports_OfAForeignPlugin_IsNeverTrue()
    {
        await using var served = new ServedPlugin(isAPlugwirePlugin: false);
        await using var plugin = await served.StartAsync();

        Assert.False(plugin.Supports("watch"));
    }

    [Theory]
    [InlineData(StatusCode.Unimplemented)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied)]
    public async Task Supports_OfAPluginThatRefusesTheQuestion_IsNeverTrue(StatusCode status)
    {
        await using var served = new ServedPlugin { Describe = () => throw new RpcException(new Status(status, "No.")) };
        await using var plugin = await served.StartAsync();

        Assert.False(plugin.Supports("watch"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("\u001b[2J")]
    public async Task Start_NameThatIsNone_Fails(string name)
    {
        await using var served = new ServedPlugin { Describe = () => ["watch", name] };

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Check, PluginStartReason.BadDescription), (failure.Stage, failure.Reason));
        Assert.Contains($"Found: the name '{name.Replace("\u001b", "\\u001B", StringComparison.Ordinal)}'.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NamesWithoutEnd_Fails()
    {
        await using var served = new ServedPlugin { Describe = () => Enumerable.Range(0, 101).Select(i => $"c{i}") };

        Assert.Contains("Found: 101 names.", (await served.Process.FailToStartAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_QuestionThatFails_Fails()
    {
        await using var served = new ServedPlugin { Describe = () => throw new RpcException(new Status(StatusCode.Internal, "Out of order.")) };

        var failure = await served.Process.FailToStartAsync();

        Assert.Equal((PluginStartStage.Check, PluginStartReason.BadDescription), (failure.Stage, failure.Reason));
        Assert.Contains("Internal: Out of order.", failure.Message, StringComparison.Ordinal);
    }
}
