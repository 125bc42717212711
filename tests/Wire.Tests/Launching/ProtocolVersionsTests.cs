using FsCheck;
using FsCheck.Fluent;
using Plugwire.Wire.Launching;

namespace Plugwire.Wire.Tests.Launching;

public sealed class ProtocolVersionsTests
{
    [Theory]
    [InlineData(new[] { 1, 2, 3 }, new[] { 2, 3, 4 }, 3)]
    [InlineData(new[] { 3, 1, 2 }, new[] { 1 }, 1)]
    [InlineData(new[] { 5 }, new[] { 5 }, 5)]
    [InlineData(new[] { 4, 5 }, new[] { 3, 1, 2 }, 1)]
    [InlineData(new int[0], new[] { 7, 6 }, 6)]
    public void Choose_HostAndPlugin_GivesTheHighestCommonElseThePluginsLowest(int[] host, int[] plugin, int expected)
    {
        Assert.Equal(expected, ProtocolVersions.Choose(host, plugin));
    }

    [Fact]
    public void Choose_PluginWithoutVersions_Throws()
    {
        Assert.Throws<ArgumentException>(() => ProtocolVersions.Choose([1], []));
    }

    [Theory]
    [InlineData(null, new int[0], new string[0])]
    [InlineData("", new int[0], new string[0])]
    [InlineData("3", new[] { 3 }, new string[0])]
    [InlineData("3,1,2", new[] { 3, 1, 2 }, new string[0])]
    [InlineData(" 3 , 1 ,", new[] { 3, 1 }, new string[0])]
    [InlineData("1,two,-3,4.0,99999999999,5", new[] { 1, 5 }, new[] { "two", "-3", "4.0", "99999999999" })]
    public void Parse_List_KeepsNumbersAndHandsBackTheRest(string? list, int[] expected, string[] expectedUnreadable)
    {
        var versions = ProtocolVersions.Parse(list, out var unreadable);

        Assert.Equal(expected, versions);
        Assert.Equal(expectedUnreadable, unreadable);
    }

    [Fact]
    public void Parse_WhatFormatWrote_GivesTheSameVersions()
    {
        Prop.ForAll<NonNegativeInt[]>(items =>
        {
            var versions = items.Select(item => item.Get).ToArray();
            return ProtocolVersions.Parse(ProtocolVersions.Format(versions), out var unreadable).SequenceEqual(versions) && unreadable.Count == 0;
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Parse_AnyText_NeverThrowsAndLosesNothing()
    {
        Prop.ForAll<string>(list =>
        {
            var versions = ProtocolVersions.Parse(list, out var unreadable);
            var items = (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return versions.Count + unreadable.Count == items.Length;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void Choose_AnyLists_GivesOneOfThePluginsAndNeverMissesACommonOne()
    {
        Prop.ForAll<int[], NonEmptyArray<int>>((host, plugin) =>
        {
            var chosen = ProtocolVersions.Choose(host, plugin.Get);
            var common = plugin.Get.Intersect(host).ToArray();
            return common.Length > 0 ? chosen == common.Max() : chosen == plugin.Get.Min();
        }).Check(Config.QuickThrowOnFailure);
    }
}
