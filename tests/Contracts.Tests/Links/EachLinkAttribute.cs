using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>Runs a theory over each link; other data of the theory go behind it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EachLinkAttribute(params object[] data) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Link>().Select(link => new TheoryDataRow([link, .. data]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
