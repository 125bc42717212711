using Plugwire.Testing.Faults.Wire;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Testing.Tests.Faults.Wire;

/// <summary>A connection with a relay in it: the host's end, the plugin's end, and the rules of both directions.</summary>
internal sealed class RelayLink : IAsyncDisposable
{
    private readonly TransportConnection _host;
    private readonly TransportConnection _plugin;

    public RelayLink(TimeProvider? timeProvider = null, Func<Stream, Stream>? wrap = null)
    {
        var (dialled, accepted) = MemoryTransport.CreatePair();
        _plugin = accepted;
        Transport = wrap?.Invoke(dialled.Stream) ?? dialled.Stream;
        _host = WireRelay.Put(new TransportConnection(Transport, "test"), ToPlugin, ToHost, timeProvider ?? TimeProvider.System);
    }

    public WireRules ToPlugin { get; } = new(1);

    public WireRules ToHost { get; } = new(2);

    public Stream Host => _host.Stream;

    public Stream Plugin => _plugin.Stream;

    /// <summary>What the relay owns.</summary>
    public Stream Transport { get; }

    /// <summary>All that comes, to the end.</summary>
    public static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all, TestContext.Current.CancellationToken).Within();
        return all.ToArray();
    }

    public static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().Within();
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _host.DisposeAsync().AsTask().Within();
    }
}
