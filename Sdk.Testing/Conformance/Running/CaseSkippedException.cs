namespace Plugwire.Testing.Conformance.Running;

/// <summary>Nothing can be said about the requirement here.</summary>
internal sealed class CaseSkippedException(string reason) : Exception(reason);
