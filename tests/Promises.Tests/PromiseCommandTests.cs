using System.Text.Json;
using Plugwire.Promises.Reporting;

namespace Plugwire.Promises.Tests;

public sealed class PromiseCommandTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pwt");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Run_OfSomePromises_PrintsTheirFiguresAndWritesAllSamples()
    {
        var file = Path.Combine(_directory.FullName, "figures.json");

        // No figure of time, which a busy machine might miss.
        var (exitCode, output, error) = await Driver.RunAsync("--only", "G23", "a native plugin", "--output", file);

        Assert.True(exitCode == 0, $"Exit code {exitCode}: {output}\n{error}");
        await using var stream = File.OpenRead(file);
        var report = (await JsonSerializer.DeserializeAsync(stream, ReportJson.Readable.Report, TestContext.Current.CancellationToken))!;
        Assert.Equal(["G23", "G29"], report.Rows.Select(row => row.Id));
        Assert.Equal((Verdict.Kept, 2, 0), (report.Rows[0].Verdict, report.Rows[0].Runs, report.Rows[0].Value));
        Assert.Equal([0, 0], report.Rows[0].Samples);
        Assert.All(report.Rows, row => Assert.Contains(row.Promise, output, StringComparison.Ordinal));
        Assert.Contains("1 kept", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no promise 'G99'. There are:\n  G01: ", "--only", "G99")]
    [InlineData("no such directory", "--output", "/no/such/file.json")]
    [InlineData("--slack is a number from 1 to 1000.", "--slack", "0.5")]
    [InlineData("--plugins is a number from 1 to 1000.", "--soak", "00:00:01", "--plugins", "0")]
    [InlineData("Cannot parse argument 'weekend'", "--scale", "weekend")]
    public async Task Run_OfWhatCannotBe_SaysSoAndFails(string expected, params string[] arguments)
    {
        var (exitCode, _, error) = await Driver.RunAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
