using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Plugwire.Contracts.Generator.Tests;

/// <summary>What is generated, word for word. To renew the snapshots after a change that is meant: run these tests once with PLUGWIRE_WRITE_SNAPSHOTS=1, and read the difference.</summary>
public sealed class SnapshotTests
{
    private const string WriteVariable = "PLUGWIRE_WRITE_SNAPSHOTS";

    [Theory]
    [InlineData("Kinds")]
    [InlineData("Comments")]
    [InlineData("Deprecated")]
    [InlineData("Snake")]
    public void Fixture_Generated_IsWhatTheSnapshotHolds(string name)
    {
        var run = GeneratorRun.OverFixture(name);
        var text = new StringBuilder();
        foreach (var file in run.FileNames.Order(StringComparer.Ordinal))
            text.Append("// ==== ").Append(file).Append('\n').Append(run.Text(file)).Append('\n');

        var actual = text.ToString();
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            File.WriteAllText(SourceOf(name), actual);
        var snapshot = Path.Combine(AppContext.BaseDirectory, "Snapshots", name + ".txt");
        Assert.True(File.Exists(snapshot), $"There is no snapshot {name}.txt. Run once with {WriteVariable}=1, read what was written, and build again.");
        Assert.Equal(File.ReadAllText(snapshot), actual);
    }

    [Theory]
    [InlineData("Kinds")]
    [InlineData("Comments")]
    [InlineData("Deprecated")]
    [InlineData("Snake")]
    public void Fixture_Generated_IsCSharpWithoutAnError(string name)
    {
        var run = GeneratorRun.OverFixture(name);

        Assert.NotEmpty(run.FileNames);
        Assert.All(run.FileNames, file => Assert.Empty(
            CSharpSyntaxTree.ParseText(run.Text(file), new CSharpParseOptions(LanguageVersion.Preview), cancellationToken: TestContext.Current.CancellationToken)
                .GetDiagnostics(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Generator_RunTwiceOnTheSameSources_SaysTheSame()
    {
        var first = GeneratorRun.OverFixture("Kinds");
        var second = GeneratorRun.OverFixture("Kinds");

        Assert.Equal(first.FileNames, second.FileNames);
        Assert.All(first.FileNames, file => Assert.Equal(first.Text(file), second.Text(file)));
    }

    [Fact]
    public void Generator_WithFilesInAnotherOrder_SaysTheSame()
    {
        var (kinds, snake) = (("KindsGrpc.cs", GeneratorRun.Fixture("Kinds")), ("SnakeGrpc.cs", GeneratorRun.Fixture("Snake")));
        var first = GeneratorRun.Over(kinds, snake);
        var second = GeneratorRun.Over(snake, kinds);

        Assert.Equal(first.FileNames.Order(StringComparer.Ordinal), second.FileNames.Order(StringComparer.Ordinal));
        Assert.All(first.FileNames, file => Assert.Equal(first.Text(file), second.Text(file)));
    }

    private static string SourceOf(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Snapshots", name + ".txt");
}
