using System.Text.Json;
using Plugwire.Benchmarks.Contenders;
using Plugwire.Benchmarks.Reporting;
using Plugwire.Benchmarks.Shapes;
using Plugwire.EndToEnd.Tests;
using Plugwire.EndToEnd.Tests.Processes;

namespace Plugwire.Benchmarks.Tests;

/// <summary>That every row works. How long anything takes is no matter of a test.</summary>
public sealed class BenchmarkCommandTests : IDisposable
{
    private readonly LaunchRoot _root = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_file);
        _root.Remove();
    }

    [Fact]
    public async Task Run_OfAllRows_MeasuresEveryContenderAndWritesJson()
    {
        var (exitCode, output, error) = await Driver.RunAsync(_root.Path, "--rounds", "2", "--seconds", "0.01", "--output", _file);

        Assert.True(exitCode == 0, $"Exit code {exitCode}: {error}");
        var report = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(_file, TestContext.Current.CancellationToken), ReportJson.Readable.Report)!;
        Assert.Equal(2, report.Rounds);
        var expected = AllShapes.All.SelectMany(shape => shape.Rows.Select(row => (Shape: shape, Row: row))).ToArray();
        Assert.Equal(expected.Select(pair => pair.Row.Name), report.Rows.Select(row => row.Name));
        foreach (var ((shape, row), found) in expected.Zip(report.Rows))
        {
            Assert.Equal(ContendersOf(shape, row), found.Figures.Select(figure => figure.Contender));
            Assert.All(found.Figures, figure => Assert.InRange(figure.Median, double.Epsilon, double.MaxValue));
            Assert.All(found.Figures, figure => Assert.Equal(2, figure.Rounds.Count));
            Assert.Equal(row.Comparisons.Select(comparison => comparison.Text), found.Comparisons.Select(comparison => comparison.Text));
            Assert.All(found.Comparisons, comparison => Assert.True(double.IsFinite(comparison.Median)));
            Assert.Contains(row.Name, output, StringComparison.Ordinal);
        }

        _root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Run_WithAFilter_MeasuresWhatFitsAlone()
    {
        var (exitCode, output, error) = await Driver.RunAsync(_root.Path, "--rounds", "1", "--seconds", "0.01", "--filter", "PING-pong");

        Assert.True(exitCode == 0, $"Exit code {exitCode}: {error}");
        Assert.Contains("duplex ping-pong", output, StringComparison.Ordinal);
        Assert.DoesNotContain("unary", output, StringComparison.Ordinal);
        _root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("unary, 0 B, 64 in flight", "--filter", "no such row")]
    [InlineData("no such directory", "--output", "/no/such/file.json")]
    [InlineData("a number from 1 to 1000", "--rounds", "0")]
    [InlineData("a number from 0.01 to 600", "--seconds", "NaN")]
    public async Task Run_OfWhatCannotBe_SaysSoAndFails(string expected, params string[] arguments)
    {
        var (exitCode, _, error) = await Driver.RunAsync(_root.Path, arguments);

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        _root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Run_WhosePluginsDie_SaysWhereAndFails()
    {
        await using var driver = Driver.Start(_root.Path, "--seconds", "600");
        Assert.StartsWith("1 of ", await driver.ReadErrorLineAsync(), StringComparison.Ordinal);

        foreach (var server in driver.Children())
        {
            if (server.MainModule!.ModuleName == "Plugwire.Benchmarks.Plugin")
                server.Kill();
            server.Dispose();
        }

        Assert.StartsWith("benchmarks: 'unary, 0 B, one at a time' by classic failed", await driver.ReadErrorToEndAsync(), StringComparison.Ordinal);
        await driver.ExitedAsync();
        Assert.Equal(1, driver.ExitCode);
        _root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Driver_Interrupted_EndsAllItHasStarted()
    {
        await using var driver = Driver.Start(_root.Path, "--seconds", "600");
        Assert.StartsWith("1 of ", await driver.ReadErrorLineAsync(), StringComparison.Ordinal);

        Signals.Send(driver.Id, Signals.Interrupt);

        Assert.Equal("", await driver.ReadErrorToEndAsync());
        await driver.ExitedAsync();
        Assert.Equal(130, driver.ExitCode);
        _root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Driver_Killed_TakesAllServersWithIt()
    {
        await using var driver = Driver.Start(_root.Path, "--seconds", "600");
        Assert.StartsWith("1 of ", await driver.ReadErrorLineAsync(), StringComparison.Ordinal);
        var servers = driver.Children();
        Assert.NotEmpty(servers);

        Signals.Send(driver.Id, Signals.Kill);

        foreach (var server in servers)
        {
            await server.WaitForExitAsync(CancellationToken.None).Within();
            server.Dispose();
        }

        _root.AssertNothingIsLeft();
    }

    private static IEnumerable<string> ContendersOf(Shape shape, Row row) => shape.Contenders
        .Where(name => row.Unit != FigureUnit.AllocatedBytes || name != ContenderName.RawSocket)
        .Order()
        .Select(name => name.Text());
}
