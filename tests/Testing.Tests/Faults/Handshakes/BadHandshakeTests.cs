using System.Text;
using Plugwire.Hosting;
using Plugwire.Testing.Tests.Harness;

namespace Plugwire.Testing.Tests.Faults.Handshakes;

public sealed class BadHandshakeTests : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);

    private readonly string _directory = Directory.CreateDirectory(Path.Combine("/tmp", "pwh-" + Guid.NewGuid().ToString("N")[..12])).FullName;

    private string LaunchRoot => Directory.CreateDirectory(Path.Combine(_directory, "root")).FullName;

    public static TheoryData<string, bool> All()
    {
        var all = new TheoryData<string, bool>();
        foreach (var handshake in BadHandshake.All)
        {
            all.Add(handshake.Name, true);
            all.Add(handshake.Name, false);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Host_ThatMeetsABadHandshake_RefusesItAsItSays_AndLeavesNothing(string name, bool inMemory)
    {
        var handshake = Named(name);
        var options = inMemory ? handshake.ApplyTo(Options("no program")) : Options(handshake.WriteProgram(_directory));

        var failure = await handshake.RefusedAsync(() => Plugin.StartAsync(options, TestContext.Current.CancellationToken).Within());

        if (handshake.Reason == PluginStartReason.TimedOut)
            Assert.InRange(failure.Elapsed, StartTimeout / 2, StartTimeout * 10);
        Assert.Empty(Directory.EnumerateFileSystemEntries(LaunchRoot));
        Assert.Empty(Processes());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EarlyExit_WithACode_IsToldWithIt(bool inMemory)
    {
        var handshake = BadHandshake.EarlyExit(42);
        var options = inMemory ? handshake.ApplyTo(Options("no program")) : Options(handshake.WriteProgram(_directory));

        var failure = await handshake.RefusedAsync(() => Plugin.StartAsync(options, TestContext.Current.CancellationToken).Within());

        Assert.Equal(42, failure.ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Garbage_IsPrintedByteByByte(bool inMemory)
    {
        var options = inMemory ? BadHandshake.Garbage.ApplyTo(Options("no program")) : Options(BadHandshake.Garbage.WriteProgram(_directory));

        var failure = await BadHandshake.Garbage.RefusedAsync(() => Plugin.StartAsync(options, TestContext.Current.CancellationToken).Within());

        Assert.EndsWith("%'", failure.StandardOutput.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoLines_AreBothPrinted_AndTheFirstIsDialled(bool inMemory)
    {
        var options = inMemory ? BadHandshake.TwoLines.ApplyTo(Options("no program")) : Options(BadHandshake.TwoLines.WriteProgram(_directory));

        var failure = await BadHandshake.TwoLines.RefusedAsync(() => Plugin.StartAsync(options, TestContext.Current.CancellationToken).Within());

        Assert.Contains("/tmp/plugin.sock", failure.StandardOutput, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(LaunchRoot, "pw-"), failure.Message, StringComparison.Ordinal);
        Assert.Contains("ECONNREFUSED", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatStartsItAllTheSame_FailsTheCheck()
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => BadHandshake.Garbage.RefusedAsync(async () =>
        {
            await using var harness = await PluginHarness.StartAsync<EchoPlugin>(cancellationToken: TestContext.Current.CancellationToken);
        }));

        Assert.Equal(
            "The bad handshake 'garbage' (prints a line that is no text) should be refused by the host at the step Handshake for BadHandshake, and the host has started it.", failure.Message);
    }

    [Fact]
    public async Task Host_ThatRefusesItForAnotherReason_FailsTheCheckWithBoth()
    {
        // A host that does not look at versions would say something else of this line, as ours does of another.
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => BadHandshake.WrongApplicationVersion.RefusedAsync(
            () => Plugin.StartAsync(BadHandshake.WrongNetwork.ApplyTo(Options("no program")), TestContext.Current.CancellationToken).Within()));

        Assert.Contains("at the step Handshake for VersionMismatch, and the host refused it at the step Handshake for UnsupportedProtocol: ", failure.Message, StringComparison.Ordinal);
        Assert.IsType<PluginStartException>(failure.InnerException);
    }

    [Fact]
    public async Task Harness_ThatIsToPlayIt_RefusesWhatItWouldNotDo()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => PluginHarness.StartAsync<EchoPlugin>(
            configure: options => BadHandshake.Silent.ApplyTo(options.Host), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("A harness runs its plugin itself.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatFailsInAnotherWay_FailsTheCheckWithThat()
    {
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => BadHandshake.Silent.RefusedAsync(() => throw new FormatException("no number")));

        Assert.Contains("failed with System.FormatException: no number", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_HasEveryHandshakeThatIsNamed_OnceAndUnderANameOfItsOwn()
    {
        var named = typeof(BadHandshake).GetProperties().Where(property => property.PropertyType == typeof(BadHandshake)).Select(property => (BadHandshake)property.GetValue(null)!);

        Assert.Equal(named.OrderBy(handshake => handshake.Name, StringComparer.Ordinal), BadHandshake.All.OrderBy(handshake => handshake.Name, StringComparer.Ordinal));
        Assert.Equal(BadHandshake.All.Count, BadHandshake.All.DistinctBy(handshake => handshake.Name).Count());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static BadHandshake Named(string name) => BadHandshake.All.Single(handshake => handshake.Name == name);

    private PluginOptions Options(string fileName) => new(fileName)
    {
        Name = "subject",
        LaunchDirectoryRoot = LaunchRoot,
        StartTimeout = StartTimeout,
        ConnectTimeout = TimeSpan.FromSeconds(30),
    };

    // Of this test's launches: they have its directory in their environment.
    private List<string> Processes()
    {
        var found = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(directory => int.TryParse(Path.GetFileName(directory), out var id) && id != Environment.ProcessId))
        {
            try
            {
                if (Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(directory, "environ"))).Contains(_directory, StringComparison.Ordinal))
                    found.Add(directory);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or ended meanwhile.
            }
        }

        return found;
    }
}
