using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Handshaking;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Output;
using Plugwire.Wire.Launching;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Fuzzing;

/// <summary>Whatever stands on a plugin's standard output, its host makes a handshake of it, or a refusal in plain words.</summary>
public sealed class HandshakeFuzzTests : IAsyncDisposable
{
    // What a line, its fields and the sentence about them take, and a failure with all its text.
    private const int MostAllocatedPerByte = 16;
    private const int MostAllocatedAtAll = 64 * 1024;

    private static readonly byte[] Whole = "1|2|unix|/tmp/pw-abcdefgh/plugin123|grpc|MIIB|true\r\n"u8.ToArray();

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pwt");
    private readonly KeptLog _log = new();

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Fault", "F06")]
    public Task TryParse_AnyLine_AnswersOneWayAndKeepsLittle() => Fuzz.RunAsync(10_000, random =>
    {
        var line = NextLine(random, most: 400);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var isOne = HandshakeLine.TryParse(line, out var handshake, out var violation);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocatedAtAll + (MostAllocatedPerByte * line.Length));
        Assert.Equal((isOne, !isOne), (handshake is not null, violation is not null));
        if (handshake is not null)
            Assert.InRange(Encoding.UTF8.GetString(line).Split('|').Length, 4, 7);
    });

    [Fact]
    [Trait("Fault", "F06")]
    [Trait("Fault", "F11")]
    public async Task Read_AnyOutput_IsAnAddressOfTheLaunchOrARefusal()
    {
        await using var directory = LaunchDirectory.Create(_root.FullName, Attempt(), NullLogger.Instance);
        var socket = Encoding.UTF8.GetBytes(Path.Combine(directory.Path, "plugin"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Encoding.UTF8.GetString(socket)));
        var (taken, refused) = (0, 0);

        await Fuzz.RunAsync(10_000, async random =>
        {
            var output = random.Next(3) switch
            {
                0 => HostileBytes.Next(random, 600),
                1 => [.. "1|1|unix|"u8, .. HostileBytes.Damage(random, socket), .. "|grpc|\n"u8, .. HostileBytes.Next(random, 100)],
                _ => HostileBytes.Damage(random, Whole),
            };
            var (outcome, _) = await ReadAsync(output, Chunks(random));
            try
            {
                var line = HandshakeReader.Read(outcome, [1, 2], directory.FindViolation, Attempt());
                Assert.StartsWith(directory.Path + "/", Path.GetFullPath(line.Address), StringComparison.Ordinal);
                taken++;
            }
            catch (PluginStartException refusal)
            {
                KeptLog.AssertHarmless(refusal.Message);
                Assert.InRange(refusal.Message.Length, 1, 16 * 1024);
                Assert.Contains(
                    refusal.Reason,
                    new[] { PluginStartReason.BadHandshake, PluginStartReason.UnsupportedProtocol, PluginStartReason.VersionMismatch, PluginStartReason.AddressRefused });
                refused++;
            }
        });

        Assert.True(!Fuzz.IsUsual || (taken > 100 && refused > 1000), $"{taken} were taken and {refused} refused.");
    }

    [Fact]
    [Trait("Fault", "F49")]
    public Task Handshake_AnyOutputInAnyPieces_IsTheSame() => Fuzz.RunAsync(500, async random =>
    {
        var output = random.Next(20) == 0 ? HostileBytes.Next(random, 3 * HandshakeLine.MaxBytes) : NextLine(random, most: 300);
        var expected = await ShowAsync(output, () => int.MaxValue);

        Assert.Equal(expected, await ShowAsync(output, () => 1));
        Assert.Equal(expected, await ShowAsync(output, Chunks(random)));
    });

    [Fact]
    [Trait("Fault", "F49")]
    public async Task Handshake_SplitAtEveryByte_IsTheSame()
    {
        var expected = await ShowAsync(Whole, () => int.MaxValue);
        for (var split = 1; split < Whole.Length; split++)
        {
            var lengths = new Queue<int>([split, 0, int.MaxValue]);
            Assert.Equal(expected, await ShowAsync(Whole, () => lengths.TryDequeue(out var length) ? length : int.MaxValue));
        }
    }

    private async Task<string> ShowAsync(byte[] output, Func<int> nextLength)
    {
        var (outcome, beginning) = await ReadAsync(output, nextLength);
        return $"{outcome.Kind} {Convert.ToHexString(outcome.Bytes.Span)} {beginning}";
    }

    private async Task<(HandshakeOutcome Outcome, string Beginning)> ReadAsync(byte[] output, Func<int> nextLength)
    {
        var forwarder = new PluginLogForwarder("todo", _log, TimeProvider.System);
        await using var reader = new StandardOutputReader(new ChunkedStream(output, nextLength), forwarder, TimeProvider.System);
        var outcome = await reader.Handshake;
        await reader.Completion;
        await forwarder.DisposeAsync();
        Assert.Equal((0, 0), (forwarder.SinkFailures, forwarder.Dropped));
        Assert.InRange(outcome.Bytes.Length, 0, HandshakeLine.MaxBytes);
        KeptLog.AssertHarmless(reader.GetBeginning());
        return (outcome, reader.GetBeginning());
    }

    private static Func<int> Chunks(Random random) => () => random.Next(5) == 0 ? 0 : random.Next(1, 100);

    private static byte[] NextLine(Random random, int most) => random.Next(2) == 0 ? HostileBytes.Next(random, most) : HostileBytes.Damage(random, Whole);
}
