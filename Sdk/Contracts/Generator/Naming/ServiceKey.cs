using Plugwire.Contracts.Generator.Diagnostics;
using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Naming;

/// <summary>What of a service matters to the names of the others.</summary>
/// <param name="Namespace">Its class's namespace.</param>
/// <param name="ClassName">Its class.</param>
/// <param name="ServiceName">Its name in the .proto.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ServiceKey(string Namespace, string ClassName, string ServiceName, Place Place)
{
    public static ServiceKey Of(ServiceModel service, Place place) => new(service.Namespace, service.ClassName, service.ServiceName, place);
}
