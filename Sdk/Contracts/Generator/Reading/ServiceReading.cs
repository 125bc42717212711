using Plugwire.Contracts.Generator.Diagnostics;
using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Reading;

/// <summary>What was read where Grpc.Tools generated a service.</summary>
/// <param name="Service">The service; null when what was generated is no C#.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record ServiceReading(ServiceModel? Service, Place Place, EquatableArray<Problem> Problems);
