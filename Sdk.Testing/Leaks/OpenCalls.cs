using System.Collections.Concurrent;
using System.Diagnostics;

namespace Plugwire.Testing.Leaks;

/// <summary>The calls that have begun and not ended.</summary>
internal sealed class OpenCalls
{
    private readonly ConcurrentDictionary<Call, bool> _open = new();

    /// <summary>Disposed of when the call ends.</summary>
    public IDisposable Begin(string method)
    {
        var call = new Call(this, method);
        _open[call] = true;
        return call;
    }

    /// <summary>A sentence for each that is open, with the place where it was begun.</summary>
    public IEnumerable<string> Describe() => _open.Keys.Select(call => $"the call {call.Method} is still open; it was begun here:{Environment.NewLine}{CallOrigin.Describe(call.Origin)}");

    private sealed class Call(OpenCalls calls, string method) : IDisposable
    {
        public string Method { get; } = method;

        public StackTrace Origin { get; } = CallOrigin.Here();

        public void Dispose() => calls._open.TryRemove(this, out _);
    }
}
