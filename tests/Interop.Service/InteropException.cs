namespace Plugwire.Interop;

/// <summary>A case of the interoperability tests has failed.</summary>
/// <param name="message">What was expected, and what was found.</param>
/// <param name="innerException">What was thrown instead; null when nothing was.</param>
public sealed class InteropException(string message, Exception? innerException = null) : Exception(message, innerException);
