namespace Plugwire.Contracts.Generator.Model;

/// <summary>A method of a service as Grpc.Tools generated it.</summary>
/// <param name="Name">The rpc's name in the .proto.</param>
/// <param name="Kind">Which side streams.</param>
/// <param name="RequestType">The requests' type, as C# writes it in full.</param>
/// <param name="ResponseType">The responses' type, as C# writes it in full.</param>
/// <param name="IsObsolete">Whether the .proto calls it deprecated.</param>
/// <param name="Comment">Its comment in the .proto.</param>
internal sealed record MethodModel(string Name, CallKind Kind, string RequestType, string ResponseType, bool IsObsolete, EquatableArray<string> Comment)
{
    /// <summary>The private field that Grpc.Tools generated for it.</summary>
    public string Field => "__Method_" + Name;
}
