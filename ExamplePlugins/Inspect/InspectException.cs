namespace Examples.Inspect;

/// <summary>Something the user has to know and this program cannot help; the message is all that is shown.</summary>
internal sealed class InspectException(string message, Exception? innerException = null) : Exception(message, innerException);
