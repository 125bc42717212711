namespace Plugwire.Contracts.Generator.Naming;

/// <summary>What a service's contract is called where it is not what one would expect.</summary>
/// <param name="Namespace">The namespace of the service's class.</param>
/// <param name="ClassName">The service's class.</param>
/// <param name="InterfaceName">The interface; null for no contract at all.</param>
/// <param name="FileName">The name of its file, without an ending.</param>
internal sealed record ContractName(string Namespace, string ClassName, string? InterfaceName, string FileName);
