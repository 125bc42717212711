namespace Plugwire.Contracts.Generator.Model;

/// <summary>A service and the names that its contract has in C#.</summary>
/// <param name="Service">The service.</param>
/// <param name="InterfaceName">The interface's name, in the namespace of the service's class.</param>
/// <param name="FileName">The name of its file, without an ending.</param>
/// <param name="MethodNames">The interface's methods, in the order of the service's.</param>
internal sealed record ContractModel(ServiceModel Service, string InterfaceName, string FileName, EquatableArray<string> MethodNames)
{
    /// <summary>The interface as C# finds it from anywhere.</summary>
    public string Interface => Qualified(InterfaceName);

    /// <summary>The class that Grpc.Tools generated, as C# finds it from anywhere.</summary>
    public string ServiceClass => Qualified(Service.ClassName);

    private string Qualified(string name) => Service.Namespace.Length == 0 ? $"global::{name}" : $"global::{Service.Namespace}.{name}";
}
