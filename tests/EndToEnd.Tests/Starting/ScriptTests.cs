using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Starting;

/// <summary>Plugins that a runtime runs.</summary>
public sealed class ScriptTests : PluginTest
{
    private DirectoryInfo? _directory;

    public override ValueTask DisposeAsync()
    {
        _directory?.Delete(recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task JavaScript_SpeakingGrpcByItself_IsCalledAndStopped()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("node"), "There is no node on this machine.");
        await using var plugin = await StartAsync(Options(TestPrograms.Script("echo.js")));
        var note = new Note { Text = "hello", Number = 7 };

        Assert.Equal(note, await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(note).ResponseAsync.Within());
        var exit = await plugin.StopAsync(TestContext.Current.CancellationToken).Within();

        // It has no controller, so it cannot be asked.
        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Terminate, Signals.Terminate), (exit.Reason, exit.StopStep, exit.Signal));
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(300_000)]
    [InlineData(5_000_000)]
    public async Task JavaScript_AnswerThatFillsTheWindow_ComesToItsEnd(int bytesOnTheWire)
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("node"), "There is no node on this machine.");
        await using var plugin = await StartAsync(Options(TestPrograms.Script("echo.js")));
        const int Prefix = 5;
        var note = new Note { Text = "" };
        while (note.CalculateSize() + Prefix < bytesOnTheWire)
            note.Text += new string('x', Math.Max(1, bytesOnTheWire - Prefix - note.CalculateSize() - 6));

        Assert.Equal(bytesOnTheWire, note.CalculateSize() + Prefix);
        Assert.Equal(note, await plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(note).ResponseAsync.Within());
    }

    [Fact]
    public async Task JavaScript_WithoutControlService_SaysThatItsLogLevelCannotBeSet()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("node"), "There is no node on this machine.");
        await using var plugin = await StartAsync(Options(TestPrograms.Script("echo.js")));

        await Assert.ThrowsAsync<NotSupportedException>(() => plugin.SetMinimumLogLevelAsync(Microsoft.Extensions.Logging.LogLevel.Debug, TestContext.Current.CancellationToken).Within());
    }

    [Fact]
    public async Task JavaScript_PrintingMoreThanItsHandshake_IsReadOnAndLogged()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("node"), "There is no node on this machine.");
        await using var plugin = await StartAsync(Options(TestPrograms.Script("echo.js"), "one more line"));

        var entry = await Log.EntryAsync("one more line");

        Assert.Equal("subject.stdout", entry.Category);
        Assert.True(await plugin.CheckHealthAsync(TestContext.Current.CancellationToken).Within());
    }

    [Fact]
    public async Task JavaScript_ThatThrows_IsShownWithItsExitCode()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("node"), "There is no node on this machine.");

        var failure = await RefusedScriptAsync("plugin.js", "throw new Error('no database');");

        Assert.Equal((PluginStartReason.ExitedEarly, 1), (failure.Reason, failure.ExitCode));
        Assert.Contains("Error: no database", failure.StandardErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "F06")]
    public async Task Python_GreetingBeforeItsHandshake_IsRefusedAndShown()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("python3"), "There is no python3 on this machine.");

        var failure = await RefusedScriptAsync("plugin.py", """
            import os, time
            print("Welcome to the plugin!", flush=True)
            print(f"1|1|unix|{os.environ['TMPDIR']}/plugin.sock|grpc|", flush=True)
            time.sleep(1000)
            """);

        Assert.Equal((PluginStartStage.Handshake, PluginStartReason.BadHandshake), (failure.Stage, failure.Reason));
        Assert.Contains("Welcome to the plugin!", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task Python_ListeningWithoutAnAnswer_TimesOutAtConnecting()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("python3"), "There is no python3 on this machine.");
        var options = Options(WriteScript("plugin.py", """
            import os, socket, time
            path = os.environ['TMPDIR'] + '/plugin.sock'
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            listener.listen()
            print(f"1|1|unix|{path}|grpc|", flush=True)
            time.sleep(1000)
            """));
        options.ConnectTimeout = TimeSpan.FromMilliseconds(300);

        var failure = await RefusedAsync(options);

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.TimedOut), (failure.Stage, failure.Reason));
        Assert.Contains("(ConnectTimeout)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task Python_BoundWithoutListening_IsRefusedAtConnecting()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("python3"), "There is no python3 on this machine.");

        var failure = await RefusedScriptAsync("plugin.py", """
            import os, socket, time
            path = os.environ['TMPDIR'] + '/plugin.sock'
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            print(f"1|1|unix|{path}|grpc|", flush=True)
            time.sleep(1000)
            """);

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ConnectFailed), (failure.Stage, failure.Reason));
    }

    [Fact]
    public async Task Python_SpeakingAnotherProtocol_IsRefusedAtConnecting()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("python3"), "There is no python3 on this machine.");

        var failure = await RefusedScriptAsync("plugin.py", """
            import os, socket, time
            path = os.environ['TMPDIR'] + '/plugin.sock'
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            listener.listen()
            print(f"1|1|unix|{path}|grpc|", flush=True)
            while True:
                connection, _ = listener.accept()
                connection.sendall(b'HTTP/1.1 400 Bad Request\r\n\r\n')
                connection.recv(65536)
                connection.close()
            """);

        Assert.Equal((PluginStartStage.Connect, PluginStartReason.ConnectFailed), (failure.Stage, failure.Reason));
    }

    private async Task<PluginStartException> RefusedScriptAsync(string name, string text) => await RefusedAsync(Options(WriteScript(name, text)));

    // In a directory of its own: the other one has to be empty in the end.
    private string WriteScript(string name, string text)
    {
        _directory = Directory.CreateTempSubdirectory("e2e-script-");
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
