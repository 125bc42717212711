using System.Globalization;
using Plugwire.Hosting.Launching;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

public sealed class LaunchMembershipTests
{
    [Fact]
    public async Task Includes_TheLaunchedProcessAndTheHostItself_AreOfTheLaunch()
    {
        await using var child = await RunAsync("cat");

        Assert.True(LaunchMembership.Includes(child.Id, child.Id));
        Assert.True(LaunchMembership.Includes(Environment.ProcessId, child.Id));
    }

    [Theory]
    [InlineData("sleep 60 & echo $!; wait")] // in the group, and a child
    [InlineData("(sleep 60 & echo $!); cat")] // in the group, and nobody's child any more
    [InlineData("setsid sh -c 'echo $$; cat; exit' <&0 & wait")] // in a session of its own, and a child
    [InlineData("sh -c 'setsid sh -c \"echo \\$\\$; cat; exit\" <&0; exit' & wait")] // in a session of its own, and a grandchild
    public async Task Includes_WhatTheLaunchedProcessStarted_IsOfTheLaunch(string script)
    {
        await using var child = await RunAsync("exec 3<&0; " + script.Replace("<&0", "<&3", StringComparison.Ordinal));

        Assert.True(LaunchMembership.Includes(await ReadIdAsync(child), child.Id));
    }

    [Fact]
    public async Task Includes_AnotherPluginsProcessAndWhatHasLeftTheLaunch_IsNot()
    {
        await using var child = await RunAsync("cat");
        await using var other = await RunAsync("cat");
        await using var left = await RunAsync("(setsid sh -c 'echo $$; exec sleep 60' &); cat");

        Assert.False(LaunchMembership.Includes(other.Id, child.Id));
        Assert.False(LaunchMembership.Includes(await ReadIdAsync(left), left.Id));
        Assert.False(LaunchMembership.Includes(1, child.Id));
    }

    [Fact]
    public async Task Includes_ProcessThatCannotBeSeenFromHere_IsNot()
    {
        await using var child = await RunAsync("cat");

        Assert.False(LaunchMembership.Includes(0, child.Id));
    }

    [Fact]
    public async Task Includes_ProcessThatHasEnded_IsNotKnown()
    {
        await using var child = await RunAsync("ended=$(sh -c 'echo $$; exit'); echo $ended; cat");

        Assert.Null(LaunchMembership.Includes(await ReadIdAsync(child), child.Id));
    }

    private static async Task<int> ReadIdAsync(ChildProcess child) => int.Parse(await ReadLineAsync(child.StandardOutput), CultureInfo.InvariantCulture);
}
