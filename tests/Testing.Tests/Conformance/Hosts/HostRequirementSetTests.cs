using Plugwire.Testing.Conformance.Revisions;

namespace Plugwire.Testing.Tests.Conformance.Hosts;

public sealed class HostRequirementSetTests
{
    public static TheoryData<string> Revisions => [.. HostConformance.Revisions];

    [Theory, MemberData(nameof(Revisions))]
    public void PublishedRevision_HasNotChanged(string revision)
    {
        Assert.True(RequirementSet.TryRead("host", revision, out var set));

        Assert.Empty(set.Changes(HostConformance.Cases));
    }

    [Fact]
    public void LatestRevision_HasAllCases()
    {
        Assert.True(RequirementSet.TryRead("host", HostConformance.Revisions[^1], out var set));

        Assert.Empty(HostConformance.Cases.Select(item => item.Id).Except(set.Ids));
    }

    [Fact]
    public void CaseIds_AreDifferent() => Assert.Equal(HostConformance.Cases.Count, HostConformance.Cases.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
}
