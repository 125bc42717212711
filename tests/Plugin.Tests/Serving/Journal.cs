using System.Collections.Concurrent;

namespace Plugwire.Tests.Serving;

/// <summary>What happened, in order.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> _entries = [];
    private int _instances;

    public string[] Entries => [.. _entries];

    public int NextInstance() => Interlocked.Increment(ref _instances);

    public void Add(string entry) => _entries.Enqueue(entry);
}
