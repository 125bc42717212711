namespace Plugwire.Promises;

/// <summary>What went wrong, in sentences for whoever runs the command.</summary>
internal sealed class PromiseException(string message, Exception? innerException = null) : Exception(message, innerException);
