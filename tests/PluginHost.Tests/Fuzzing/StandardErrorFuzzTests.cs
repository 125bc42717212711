using System.Text;
using Plugwire.Hosting.Output;

namespace Plugwire.Hosting.Tests.Fuzzing;

/// <summary>Whatever a plugin writes to its standard error, in whatever pieces: the log gets what a simple model says, nothing in it does harm, and little is kept.</summary>
public sealed class StandardErrorFuzzTests
{
    private const int Piece = StandardErrorReader.LongestLine;
    private const int MostPieces = 4;

    // A character that is spelled out becomes six of two bytes, in a text and in what it is put together in; and a line that is no JSON after all costs an exception.
    private const int MostAllocatedPerByte = 64;
    private const int MostAllocatedPerLine = 8 * 1024;
    private const int MostAllocatedAtAll = 256 * 1024;

    [Fact]
    [Trait("Fault", "F14")]
    public Task Read_AnyBytesInAnyPieces_LogsWhatTheModelSays() => Fuzz.RunAsync(10_000, async random =>
    {
        var bytes = HostileBytes.Next(random, 900);

        Assert.Equal(await ModelAsync(bytes), await ReadAsync(bytes, () => random.Next(8) == 0 ? 0 : random.Next(1, 200)));
    });

    [Fact]
    [Trait("Fault", "F14")]
    public Task Read_LongLines_LogsWhatTheModelSays() => Fuzz.RunAsync(300, async random =>
    {
        using var text = new MemoryStream();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            text.Write(HostileBytes.Next(random, 60));
            var filler = "a [{\0"u8[random.Next(5)];
            text.Write(Enumerable.Repeat(filler, (random.Next(6) * Piece) + random.Next(-2, 3) + 2).ToArray());
            text.Write("\n"u8);
        }

        var bytes = text.ToArray();

        Assert.Equal(await ModelAsync(bytes), await ReadAsync(bytes, () => random.Next(1, 3 * Piece)));
    });

    [Fact]
    [Trait("Fault", "F14")]
    public Task Read_ByteByByte_LogsTheSame() => Fuzz.RunAsync(500, async random =>
    {
        var bytes = HostileBytes.Next(random, 300);

        Assert.Equal(await ModelAsync(bytes), await ReadAsync(bytes, () => 1));
    });

    [Fact]
    [Trait("Fault", "F14")]
    public Task Read_AnyBytes_KeepsAndAllocatesLittle() => Fuzz.RunAsync(2_000, async random =>
    {
        var bytes = HostileBytes.Next(random, random.Next(10) == 0 ? 30_000 : 500);
        var log = new KeptLog();
        var stream = new ChunkedStream(bytes, () => int.MaxValue);
        await using var forwarder = new PluginLogForwarder("todo", log, TimeProvider.System);
        await using var reader = new StandardErrorReader(stream, forwarder, TimeProvider.System, mostLinesPerSecond: 1000);

        await reader.Completion;

        var lines = bytes.AsSpan().Count((byte)'\n') + 1;
        Assert.InRange(stream.Allocated, 0, MostAllocatedAtAll + ((long)MostAllocatedPerByte * bytes.Length) + ((long)MostAllocatedPerLine * lines));
        Assert.Equal(Encoding.UTF8.GetString(bytes), reader.GetTail(int.MaxValue));
        Assert.InRange(reader.GetTail().Length, 0, StandardErrorReader.TailInFailure);
    });

    private static async Task<IReadOnlyList<string>> ReadAsync(byte[] bytes, Func<int> nextLength)
    {
        var log = new KeptLog();
        var forwarder = new PluginLogForwarder("todo", log, TimeProvider.System);
        await using (var reader = new StandardErrorReader(new ChunkedStream(bytes, nextLength), forwarder, TimeProvider.System))
        {
            await reader.Completion;
            Assert.Equal(Tail(bytes), reader.GetTail(int.MaxValue));
        }

        return await EntriesAsync(forwarder, log);
    }

    // What is read is known; how it comes to be there, by buffers and pieces, is what is tested.
    private static async Task<IReadOnlyList<string>> ModelAsync(byte[] bytes)
    {
        var log = new KeptLog();
        var forwarder = new PluginLogForwarder("todo", log, TimeProvider.System);
        var parser = new PluginLogParser();
        foreach (var line in Lines(bytes))
        {
            var pieces = Enumerable.Range(0, (line.Length / Piece) + 1).Select(i => line[(i * Piece)..Math.Min(line.Length, (i + 1) * Piece)]).ToList();
            if (PluginLogParser.IsBlank(pieces[0]))
                continue;

            foreach (var piece in pieces.Take(MostPieces))
            {
                if (parser.Parse(piece) is { } entry)
                    forwarder.Post(entry);
            }

            if (line.Length > MostPieces * Piece)
                forwarder.Post(new PluginLogEntry(Microsoft.Extensions.Logging.LogLevel.Warning, $"{line.Length - (MostPieces * Piece)} more bytes of one line of standard error are left out of the log."));
        }

        return await EntriesAsync(forwarder, log);
    }

    private static async Task<IReadOnlyList<string>> EntriesAsync(PluginLogForwarder forwarder, KeptLog log)
    {
        await forwarder.DisposeAsync();
        Assert.Equal((0, 0), (forwarder.SinkFailures, forwarder.Dropped));
        return log.Entries;
    }

    private static IEnumerable<byte[]> Lines(byte[] bytes)
    {
        for (var start = 0; start <= bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end;
            yield return bytes[start..end];
            start = end + 1;
        }
    }

    private static string Tail(byte[] bytes)
    {
        if (bytes.Length <= StandardErrorReader.TailSize)
            return Encoding.UTF8.GetString(bytes);

        // From the beginning of a line in the older half, if there is one; else without the rest of a character.
        ReadOnlySpan<byte> tail = bytes.AsSpan()[^StandardErrorReader.TailSize..];
        var lineBreak = tail.IndexOf((byte)'\n');
        if (lineBreak >= 0 && lineBreak < tail.Length / 2)
            tail = tail[(lineBreak + 1)..];
        while (!tail.IsEmpty && (tail[0] & 0xC0) == 0x80)
            tail = tail[1..];
        return Encoding.UTF8.GetString(tail);
    }
}
