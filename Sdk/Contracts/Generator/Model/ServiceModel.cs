namespace Plugwire.Contracts.Generator.Model;

/// <summary>A service as Grpc.Tools generated it.</summary>
/// <param name="Namespace">The namespace, as C# writes it; empty for the global one.</param>
/// <param name="ClassName">The static class, as C# writes it.</param>
/// <param name="ServiceName">The service's full name in the .proto.</param>
/// <param name="IsPublic">Whether the class is public, and not internal.</param>
/// <param name="IsObsolete">Whether the .proto calls it deprecated.</param>
/// <param name="Comment">Its comment in the .proto.</param>
/// <param name="Methods">Its methods, in the order of the .proto.</param>
internal sealed record ServiceModel(
    string Namespace, string ClassName, string ServiceName, bool IsPublic, bool IsObsolete, EquatableArray<string> Comment, EquatableArray<MethodModel> Methods);
