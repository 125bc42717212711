using Plugwire.Testing.Conformance.Revisions;

namespace Plugwire.Testing.Tests.Conformance;

public sealed class RequirementSetTests
{
    public static TheoryData<string> Revisions => [.. PluginConformance.Revisions];

    [Theory, MemberData(nameof(Revisions))]
    public void PublishedRevision_HasNotChanged(string revision)
    {
        Assert.True(RequirementSet.TryRead("plugin", revision, out var set));

        Assert.Empty(set.Changes(PluginConformance.Cases));
    }

    [Fact]
    public void LatestRevision_HasAllCases()
    {
        Assert.True(RequirementSet.TryRead("plugin", PluginConformance.Revisions[^1], out var set));

        Assert.Empty(PluginConformance.Cases.Select(item => item.Id).Except(set.Ids));
    }

    [Fact]
    public void CaseIds_AreDifferent() => Assert.Equal(PluginConformance.Cases.Count, PluginConformance.Cases.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void CaseThatIsGone_IsAChange()
    {
        Assert.True(RequirementSet.TryRead("plugin", PluginConformance.Revisions[0], out var set));

        var change = Assert.Single(set.Changes(PluginConformance.Cases.Where(item => item.Id != "handshake.one-line")));

        Assert.Contains("handshake.one-line", change, StringComparison.Ordinal);
        Assert.Contains("is gone", change, StringComparison.Ordinal);
    }

    [Fact]
    public void RequirementThatReadsDifferently_IsAChange()
    {
        Assert.True(RequirementSet.TryRead("plugin", PluginConformance.Revisions[0], out var set));

        var change = Assert.Single(set.Changes(PluginConformance.Cases.Select(item => item.Id == "health.serving" ? item with { Level = ConformanceLevel.Should } : item)));

        Assert.Contains("health.serving | Should", change, StringComparison.Ordinal);
    }
}
