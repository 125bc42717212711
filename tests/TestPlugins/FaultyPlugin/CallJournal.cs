using System.Collections.Concurrent;

namespace Plugwire.TestPlugins.Faulty;

/// <summary>The calls that the interceptor has seen, in their order.</summary>
internal sealed class CallJournal
{
    private readonly ConcurrentQueue<string> _entries = new();

    public IReadOnlyCollection<string> Entries => _entries;

    public void Add(string entry) => _entries.Enqueue(entry);
}
