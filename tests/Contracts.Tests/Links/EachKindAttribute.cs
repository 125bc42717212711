using System.Reflection;
using Grpc.Core;
using Xunit.Sdk;
using Xunit.v3;

namespace Plugwire.Contracts.Tests.Links;

/// <summary>Runs a theory over each link and each kind of call.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachKindAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. from link in Enum.GetValues<Link>() from kind in Enum.GetValues<MethodType>() select new TheoryDataRow(link, kind)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
