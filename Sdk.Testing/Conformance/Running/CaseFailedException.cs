namespace Plugwire.Testing.Conformance.Running;

/// <summary>The requirement is not met. Whatever else a check throws counts as a failure of the machinery.</summary>
internal sealed class CaseFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
