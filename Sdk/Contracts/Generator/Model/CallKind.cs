namespace Plugwire.Contracts.Generator.Model;

/// <summary>Which side of a call streams.</summary>
internal enum CallKind
{
    Unary,
    ClientStreaming,
    ServerStreaming,
    DuplexStreaming,
}
