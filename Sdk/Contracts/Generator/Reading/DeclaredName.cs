namespace Plugwire.Contracts.Generator.Reading;

/// <summary>A name that the compilation's sources declare, and that a contract in the same namespace therefore cannot have.</summary>
/// <param name="Namespace">The namespace it is declared in; empty for the global one.</param>
/// <param name="Name">The name.</param>
internal sealed record DeclaredName(string Namespace, string Name);
