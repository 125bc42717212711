using System.Collections.Concurrent;
using System.Diagnostics;

namespace Plugwire.Testing.Leaks;

/// <summary>The calls that have begun and not ended.</summary>
internal sealed class OpenCalls
{
    // To look a line up takes longer than the call: a test that makes thousands of calls learns of the later ones by the names of methods.
    private const int MostWithLines = 100;

    private readonly ConcurrentDictionary<Call, bool> _open = new();
    private int _begun;

    /// <summary>Disposed of when the call ends.</summary>
    public IDisposable Begin(string method)
    {
        var call = new Call(this, method, CallOrigin.Here(withLines: Interlocked.Increment(ref _begun) <= MostWithLines));
        _open[call] = true;
        if (LeakFlow.Current is { } flow)
            Living.Add(call, Describe(call), call.Origin, flow);
        return call;
    }

    /// <summary>A sentence for each that is open, with the place where it was begun.</summary>
    public IEnumerable<string> Describe() => _open.Keys.Select(call => $"{Describe(call)}; it was begun here:{Environment.NewLine}{CallOrigin.Describe(call.Origin)}");

    private static string Describe(Call call) => $"the call {call.Method} is still open";

    private sealed class Call(OpenCalls calls, string method, StackTrace origin) : IDisposable
    {
        public string Method { get; } = method;

        public StackTrace Origin { get; } = origin;

        public void Dispose()
        {
            calls._open.TryRemove(this, out _);
            Living.Remove(this);
        }
    }
}
