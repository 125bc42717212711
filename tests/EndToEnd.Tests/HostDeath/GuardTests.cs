using System.Globalization;
using System.Text.RegularExpressions;
using Plugwire.EndToEnd.Tests.Processes;

namespace Plugwire.EndToEnd.Tests.HostDeath;

/// <summary>A host that is killed with plugins that do not notice it. What is left of them is seen by their environment, which names the launch directory.</summary>
[Collection(AloneCollection.Name)]
public sealed class GuardTests : PluginTest
{
    private const string Deaf = "trap '' TERM HUP; ";

    [Fact]
    public async Task Host_KilledWithAFrozenPlugin_NothingIsLeft()
    {
        await using var host = Start(TestPrograms.Faulty);
        var guard = await host.GuardAsync();
        var plugin = await host.ProcessThatAsync(@"process (\d+)\) serves");
        Signals.Send(plugin, Signals.Stop);

        Signals.Send(host.Id, Signals.Kill);

        await AssertNothingIsLeftAsync(guard);
    }

    [Fact]
    public async Task Host_KilledWithAPluginInJavaScript_NothingIsLeft()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("node"), "There is no node on this machine.");
        await using var host = Start(TestPrograms.Script("echo.js"));
        var guard = await host.GuardAsync();
        await host.ProcessThatAsync(@"process (\d+)\) serves");

        Signals.Send(host.Id, Signals.Kill);

        await AssertNothingIsLeftAsync(guard);
    }

    [Fact]
    public async Task Host_KilledWithAPluginInPython_NothingIsLeft()
    {
        Assert.SkipUnless(await PythonHasGrpcAsync(), "There is no python3 with grpcio on this machine.");
        await using var host = Start("/usr/bin/python3", TestPrograms.Script("health.py"));
        var guard = await host.GuardAsync();
        await host.ProcessThatAsync(@"process (\d+)\) serves");

        Signals.Send(host.Id, Signals.Kill);

        await AssertNothingIsLeftAsync(guard);
    }

    [Theory]
    [InlineData("sleep 1000 & echo ready $$ >&2; exec sleep 1000")]
    [InlineData("setsid sleep 1000 & echo ready $$ >&2; exec sleep 1000")]
    [InlineData("(sleep 1000 &); (setsid sh -c '(setsid sleep 1000 &); exec sleep 1000' &); echo ready $$ >&2; exec sleep 1000")]
    [InlineData(Deaf + "(setsid sleep 1000 &); echo ready $$ >&2; while :; do sleep 1000; done")]
    [InlineData("setsid sleep 1000 & echo ready $$ >&2; kill -STOP $$")]
    public async Task Host_KilledWhileWhatThePluginStartedHasLeftItsGroup_NothingIsLeft(string script)
    {
        await using var host = Start("/bin/sh", "-c", script);
        var guard = await host.GuardAsync();
        await host.ProcessThatAsync(@"ready (\d+)");

        Signals.Send(host.Id, Signals.Kill);

        await AssertNothingIsLeftAsync(guard);
    }

    // The guard says that it runs before the plugin's process is started: the host dies somewhere on the way to the handshake, each time elsewhere.
    [Fact]
    public async Task Host_KilledOnTheWayFromTheGuardToThePlugin_NothingIsLeft()
    {
        for (var i = 0; i < 20; i++)
        {
            await using var host = Start("/bin/sh", "-c", Deaf + "setsid sleep 1000 & while :; do sleep 1000; done");
            var guard = await host.GuardAsync();

            Signals.Send(host.Id, Signals.Kill);

            await AssertNothingIsLeftAsync(guard);
        }
    }

    [Fact]
    public async Task Host_InterruptedByItsTerminal_GuardIsNotAndEndsTheFrozenPlugin()
    {
        await using var host = new GuardedHost(HandStart.Run("setsid", [TestPrograms.Host, Root.Path, TestPrograms.Faulty]));
        var guard = await host.GuardAsync();
        var plugin = await host.ProcessThatAsync(@"process (\d+)\) serves");
        Signals.Send(plugin, Signals.Stop);

        Signals.Send(-host.Id, Signals.Interrupt);

        await AssertNothingIsLeftAsync(guard);
    }

    [Fact]
    public async Task Guard_KilledBeforeTheHost_AnotherHasTakenItsPlace()
    {
        await using var host = Start(TestPrograms.Faulty);
        var first = await host.GuardAsync();
        var plugin = await host.ProcessThatAsync(@"process (\d+)\) serves");
        Signals.Send(plugin, Signals.Stop);
        Signals.Send(first, Signals.Kill);
        var second = await host.GuardAsync();

        Signals.Send(host.Id, Signals.Kill);

        Assert.NotEqual(first, second);
        await AssertNothingIsLeftAsync(second);
    }

    [Fact]
    public async Task Host_EndsInOrder_ItsGuardEndsToo()
    {
        await using var host = Start(TestPrograms.Faulty);
        var guard = await host.GuardAsync();
        var plugin = await host.ProcessThatAsync(@"process (\d+)\) serves");
        Signals.Send(plugin, Signals.Terminate);

        await host.ExitedAsync();

        await AssertNothingIsLeftAsync(guard);
    }

    [Fact]
    public async Task Host_KilledWhileItsGuardHangs_NothingWaitsForTheHostsOutput()
    {
        await using var host = Start(TestPrograms.Faulty);
        var guard = await host.GuardAsync();
        var plugin = await host.ProcessThatAsync(@"process (\d+)\) serves");
        Signals.Send(guard, Signals.Stop);

        Signals.Send(host.Id, Signals.Kill);

        await host.ReadToEndAsync();
        await ProcessEnd.OfAsync(plugin, TestLimit.Limit);
        Signals.Send(guard, Signals.Kill);
        await AssertNothingIsLeftAsync(guard);
    }

    private GuardedHost Start(params string[] plugin) => new(HandStart.Run(TestPrograms.Host, [Root.Path, .. plugin]));

    private async Task AssertNothingIsLeftAsync(int guard)
    {
        await ProcessEnd.OfAsync(guard, TestLimit.Limit);
        Root.AssertNothingIsLeft();
    }

    private static async Task<bool> PythonHasGrpcAsync()
    {
        if (!File.Exists("/usr/bin/python3"))
            return false;

        await using var python = HandStart.Run("/usr/bin/python3", ["-c", "import grpc"]);
        await python.ExitedAsync();
        return python.ExitCode == 0;
    }

    /// <summary>A host whose log is read for the processes that it names.</summary>
    private sealed class GuardedHost(HandStart host) : IAsyncDisposable
    {
        public int Id => host.Id;

        public Task<int> GuardAsync() => ProcessThatAsync(@"Process (\d+) guards the plugins");

        public async Task<int> ProcessThatAsync(string pattern)
        {
            while (await host.ReadLineAsync() is { } line)
            {
                if (Regex.Match(line, pattern) is { Success: true } match)
                    return int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            }

            throw new InvalidOperationException("The host has ended. " + await host.ErrorAsync());
        }

        public Task<string> ReadToEndAsync() => host.ReadToEndAsync();

        public Task ExitedAsync() => host.ExitedAsync();

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
