namespace Plugwire.Benchmarks;

/// <summary>What went wrong, in sentences for whoever runs the benchmarks.</summary>
internal sealed class BenchmarkException(string message, Exception? innerException = null) : Exception(message, innerException);
