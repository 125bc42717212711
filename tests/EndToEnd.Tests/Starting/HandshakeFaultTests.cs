using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Starting;

public sealed class HandshakeFaultTests : PluginTest
{
    // As go-plugin's servers send one to a host that has asked for it: DER in base64 without padding.
    private static readonly string Certificate = Convert.ToBase64String(Enumerable.Repeat((byte)0x30, 400).ToArray()).TrimEnd('=');

    private static readonly TimeSpan LongBeforeTheTimeout = TimeSpan.FromSeconds(45);

    [Theory]
    [InlineData("echo 'Hello, world!'; exec sleep 1000", "Hello, world!")]
    [InlineData("printf '\\000\\377\\200\\n'; exec sleep 1000", "The line is not UTF-8 text.")]
    [InlineData("echo '<html>'; echo \"1|1|unix|$TMPDIR/plugin.sock|grpc|\"; exec sleep 1000", "<html>")]
    [InlineData("echo; echo \"1|1|unix|$TMPDIR/plugin.sock|grpc|\"; exec sleep 1000", "the line has 1.")]
    [InlineData("printf '1|1|un'; exec sleep 1000 >&-", "in the middle of the first line")]
    [InlineData("exec sleep 1000 >&-", "without a word")]
    [Trait("Fault", "F06")]
    [Trait("Fault", "F07")]
    public async Task Handshake_Garbage_IsRefusedAtOnceAndShown(string script, string expected)
    {
        var failure = await RefusedAsync(Shell(script));

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.BadHandshake), (failure.Stage, failure.Reason));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Elapsed, TimeSpan.Zero, LongBeforeTheTimeout);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F09")]
    public async Task Handshake_OfAMegabyteWithoutALineBreak_IsRefusedAtItsLimit()
    {
        var failure = await RefusedAsync(Shell("head -c 1048576 /dev/zero | tr '\\000' a; exec sleep 1000"));

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.BadHandshake), (failure.Stage, failure.Reason));
        Assert.Contains("the first 4096 bytes on its standard output have no end of line", failure.Message, StringComparison.Ordinal);
        Assert.Equal(new string('a', 2048), failure.StandardOutput);
        Assert.InRange(failure.Elapsed, TimeSpan.Zero, LongBeforeTheTimeout);
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("exec sleep 1000")]
    [InlineData("printf '1|1|un'; exec sleep 1000")]
    [InlineData("while :; do printf 1; sleep 0.02; done")]
    [InlineData("sleep 1000; echo \"1|1|unix|$TMPDIR/plugin.sock|grpc|\"")]
    [Trait("Fault", "F05")]
    [Trait("Fault", "F07")]
    [Trait("Fault", "F08")]
    public async Task Handshake_NoneInTime_TheStartTimesOut(string script)
    {
        var options = Shell($"echo waiting >&2; {script}");
        options.StartTimeout = TimeSpan.FromMilliseconds(700);

        var failure = await RefusedAsync(options);

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Contains("nothing of that within 0.7 s (StartTimeout)", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Elapsed, options.StartTimeout / 2, LongBeforeTheTimeout);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Handshake_NoPluginAtAll_ItsUsageAndItsExitCodeArePartOfTheFailure()
    {
        var failure = await RefusedAsync(Shell("echo 'tool 1.0'; echo 'usage: tool FILE' >&2; exit 2"));

        Assert.Equal((PluginStartReason.BadHandshake, 2), (failure.Reason, failure.ExitCode));
        Assert.Contains("tool 1.0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("usage: tool FILE", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The process exited with code 2.", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F03")]
    public async Task Handshake_ProcessExitsBefore_FailsAtOnceWithItsCodeAndItsLastWords()
    {
        var failure = await RefusedAsync(Shell("echo 'no database' >&2; exit 7"));

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.ExitedEarly), (failure.Stage, failure.Reason));
        Assert.Equal((7, null), (failure.ExitCode, failure.Signal));
        Assert.Equal("no database\n", failure.StandardErrorTail);
        Assert.Contains("The process exited with code 7.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no database", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Elapsed, TimeSpan.Zero, LongBeforeTheTimeout);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F04")]
    public async Task Handshake_ProcessKilledBefore_FailsAtOnceWithTheSignal()
    {
        var failure = await RefusedAsync(Faulty("--at=before-handshake", "--do=signal:9"));

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.ExitedEarly), (failure.Stage, failure.Reason));
        Assert.Equal((null, 9), (failure.ExitCode, failure.Signal));
        Assert.Contains("The process was ended by SIGKILL (signal 9).", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Handshake_PluginThrowsWhileItIsPutTogether_TellsTheException()
    {
        var failure = await RefusedAsync(Faulty("--at=before-handshake", "--do=throw:the licence has run out"));

        Assert.Equal((PluginStartReason.ExitedEarly, 2), (failure.Reason, failure.ExitCode));
        Assert.Contains("System.InvalidOperationException: the licence has run out", failure.StandardErrorTail, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("2|1|unix|$TMPDIR/plugin.sock|grpc|", PluginStartReason.UnsupportedProtocol, "version 2")]
    [InlineData("1|9|unix|$TMPDIR/plugin.sock|grpc|", PluginStartReason.VersionMismatch, "version 9")]
    [InlineData("1|1|unix|$TMPDIR/plugin.sock|netrpc|", PluginStartReason.UnsupportedProtocol, "netrpc")]
    [InlineData("1|1|tcp|127.0.0.1:10000|grpc|", PluginStartReason.UnsupportedProtocol, "TCP")]
    [InlineData("1|1|unix|/tmp/plugin.sock|grpc|", PluginStartReason.AddressRefused, "/tmp/plugin.sock")]
    [InlineData("1|1|unix|$TMPDIR/../plugin.sock|grpc|", PluginStartReason.AddressRefused, "plugin.sock")]
    [InlineData("1|1|unix|$TMPDIR/plugin.sock|grpc|", PluginStartReason.AddressRefused, "there is no socket")]
    [Trait("Fault", "F10")]
    [Trait("Fault", "F11")]
    public async Task Handshake_OfAnUnusableServer_IsRefusedByASentence(string line, PluginStartReason reason, string expected)
    {
        var failure = await RefusedAsync(Shell($"echo \"{line}\"; exec sleep 1000"));

        Assert.Equal((PluginStartStage.Handshake, reason), (failure.Stage, failure.Reason));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F11")]
    public async Task Handshake_WithACertificateThatNobodyAskedFor_IsRefusedByASentence()
    {
        var failure = await RefusedAsync(Shell($"echo \"1|1|unix|$TMPDIR/plugin.sock|grpc|{Certificate}\"; exec sleep 1000"));

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.UnsupportedProtocol), (failure.Stage, failure.Reason));
        Assert.Contains("the plugin sent a certificate that this host did not ask for", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F49")]
    public async Task Handshake_ByteByByte_IsTheSame()
    {
        // Each byte of the plugin's output is a write of its own.
        await using var plugin = await StartAsync(Shell($"'{TestPrograms.Faulty}' | dd bs=1 2>/dev/null"));

        Assert.Equal("well", (await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note { Text = "well" }).ResponseAsync.Within()).Text);
        Assert.Equal((PluginStopStep.Shutdown, 0), ((await plugin.StopAsync(TestContext.Current.CancellationToken).Within()).StopStep, (await plugin.Completion).ExitCode));
        Root.AssertNothingIsLeft();
    }
}
