using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Plugwire.EndToEnd.Tests.Processes;

namespace Plugwire.EndToEnd.Tests.Inspecting;

/// <summary>The example that is the main job, as a user runs it.</summary>
public sealed class InspectTests : PluginTest
{
    private static readonly string[] Words = ["TODO", "FIXME", "HACK", "XXX"];

    private readonly string _tree = Directory.CreateTempSubdirectory("e2e-tree-").FullName;
    private readonly string _sarif = Path.GetTempFileName();

    public override async ValueTask DisposeAsync()
    {
        // By the system's own means: they take away names that are no text.
        await ShellAsync("rm -rf -- \"$0\" \"$1\"", _tree, _sarif);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Inspect_OfANastyTree_CountsWhatGrepCountsAndLeavesNothing() => await InspectNastyTreeAsync([]);

    [Fact]
    public async Task Inspect_UnderChaos_CountsWhatGrepCountsAndLeavesNothing()
    {
        var told = await InspectNastyTreeAsync(["--chaos"]);

        var strikes = Regex.Match(told, @"^chaos: (\d+) killed, (\d+) frozen, \d+ started again, \d+ batches sent again$", RegexOptions.Multiline);
        Assert.True(strikes.Success, told);
        Assert.NotEqual("00", strikes.Groups[1].Value + strikes.Groups[2].Value);
    }

    /// <returns>What stands on standard error.</returns>
    private async Task<string> InspectNastyTreeAsync(string[] options)
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("grep"), "There is no grep on this machine.");
        await MakeTreeAsync();
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in Words)
            expected[word] = int.Parse(await ShellAsync("LC_ALL=C grep -hrIowE 'TODO|FIXME|HACK|XXX' . | grep -cx \"$0\"", word), CultureInfo.InvariantCulture);
        Assert.All(expected.Values, count => Assert.InRange(count, 100, int.MaxValue));

        await using var inspect = HandStart.Run(TestPrograms.Inspect, [_tree, "--sarif", _sarif, .. options], KeyValuePair.Create("TMPDIR", Root.Path));
        var output = await inspect.ReadToEndAsync();
        await inspect.ExitedAsync();

        Assert.True(inspect.ExitCode == 0, $"Exit code {inspect.ExitCode}: {await inspect.ErrorAsync()}");
        Assert.Equal(expected, Words.ToDictionary(word => word, word => CountIn(output, word)));
        AssertSarif(expected);
        Root.AssertNothingIsLeft();
        return await inspect.ErrorAsync();
    }

    [Fact]
    public async Task Inspect_ForOtherWords_CountsWhatGrepCountsOfThese()
    {
        Assert.SkipUnless(TestPrograms.IsOnPath("grep"), "There is no grep on this machine.");
        await MakeTreeAsync();
        string[] words = ["TODOS", "HACK", "XXX_"];
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words)
            expected[word] = int.Parse(await ShellAsync("LC_ALL=C grep -hrIowE \"$0\" . | wc -l", word), CultureInfo.InvariantCulture);
        Assert.All(expected.Values, count => Assert.InRange(count, 10, int.MaxValue));

        await using var inspect = HandStart.Run(TestPrograms.Inspect, [_tree, .. words.SelectMany(word => new[] { "--word", word })], KeyValuePair.Create("TMPDIR", Root.Path));
        var output = await inspect.ReadToEndAsync();
        await inspect.ExitedAsync();

        Assert.True(inspect.ExitCode == 0, $"Exit code {inspect.ExitCode}: {await inspect.ErrorAsync()}");
        Assert.Equal(expected, words.ToDictionary(word => word, word => CountIn(output, word)));
        Assert.DoesNotContain("todo/todo ", output, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("two words", "The word 'two words' cannot be looked for: letters, digits and underscores of ASCII are expected.")]
    [InlineData("", "The word '' cannot be looked for: it has 0 characters: 1 to 64 are expected.")]
    public async Task Inspect_ForWhatIsNoWord_SaysSoAndFails(string word, string sentence)
    {
        await using var inspect = HandStart.Run(TestPrograms.Inspect, [_tree, "--word", word], KeyValuePair.Create("TMPDIR", Root.Path));

        await inspect.ExitedAsync();

        Assert.Equal(1, inspect.ExitCode);
        Assert.Contains(sentence, await inspect.ErrorAsync(), StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Inspect_OfNoDirectory_SaysSoAndFails()
    {
        await using var inspect = HandStart.Run(TestPrograms.Inspect, [Path.Combine(_tree, "none")], KeyValuePair.Create("TMPDIR", Root.Path));

        await inspect.ExitedAsync();

        Assert.Equal(1, inspect.ExitCode);
        Assert.Contains(Path.Combine(_tree, "none"), await inspect.ErrorAsync(), StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }

    private void AssertSarif(Dictionary<string, int> expected)
    {
        using var sarif = JsonDocument.Parse(File.ReadAllBytes(_sarif));
        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
        var results = Assert.Single(sarif.RootElement.GetProperty("runs").EnumerateArray()).GetProperty("results").EnumerateArray().ToArray();
        var ours = results.Where(result => result.GetProperty("ruleId").GetString()!.StartsWith("todo/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(expected, ours.GroupBy(result => result.GetProperty("ruleId").GetString()!["todo/".Length..].ToUpperInvariant()).ToDictionary(group => group.Key, group => group.Count()));
        Assert.All(ours, result =>
        {
            var region = result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region");
            Assert.InRange(region.GetProperty("startLine").GetInt64(), 1, long.MaxValue);
            Assert.InRange(region.GetProperty("startColumn").GetInt64(), 1, long.MaxValue);
        });
    }

    private static int CountIn(string output, string word)
    {
        var row = Regex.Match(output, $@"todo/{word.ToLowerInvariant()}\s*\|\s*([\d,]+)\s*\|");
        Assert.True(row.Success, output);
        return int.Parse(row.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    private async Task MakeTreeAsync()
    {
        var random = new Random(20);
        string[] pieces = ["TODO", "FIXME", "HACK", "XXX", "TODOS", "aTODO", "_XXX", "XXX_", "XXXX", "todo", "ä", "é", " ", "\n", "\r\n", "-", "(", ":", "1", "\t", "HACK.", "#FIXME"];
        for (var i = 0; i < 300; i++)
        {
            var directory = Directory.CreateDirectory(Path.Combine(_tree, $"d {i % 7}", $"ü{i % 3}")).FullName;
            var text = new StringBuilder();
            for (var left = random.Next(0, 400); left > 0; left--)
                text.Append(pieces[random.Next(pieces.Length)]);
            await File.WriteAllTextAsync(Path.Combine(directory, $"file {i} 'ö\".txt"), text.ToString(), TestContext.Current.CancellationToken);
        }

        // Words on every border that a file's chunks can have, in one line of three megabytes.
        var line = new byte[3_000_000];
        line.AsSpan().Fill((byte)' ');
        for (var at = 0; at < line.Length - 8; at += 4093)
            Encoding.ASCII.GetBytes(Words[at % 4]).CopyTo(line, at);
        await File.WriteAllBytesAsync(Path.Combine(_tree, "long line"), line, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_tree, "latin 1"), [.. "TODO "u8, 0xE9, 0xFF, .. " TODO"u8, 0x80], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_tree, "binary"), [.. "TODO\n"u8, 0, .. "TODO\n"u8], TestContext.Current.CancellationToken);
        await ShellAsync("""
            : > empty; ln -s 'long line' link; ln -s . loop; mkfifo fifo
            printf 'FIXME: no text\n' > "$(printf 'caf\351 \n.c')"; printf 'HACK' > -n; printf 'XXX' > .hidden
            mkdir deep; cd deep; for i in 1 2 3 4 5 6 7 8 9; do mkdir $i; cd $i; printf 'TODO %s' $i > t; done
            """);
    }

    private async Task<string> ShellAsync(string script, params string[] arguments)
    {
        await using var shell = HandStart.Run("/bin/sh", ["-c", "cd \"$0\" && script=$1 && shift && exec sh -c \"$script\" \"$@\"", _tree, script, .. arguments]);
        var output = await shell.ReadToEndAsync();
        await shell.ExitedAsync();
        Assert.True(shell.ExitCode == 0, $"The script ended with {shell.ExitCode}: {await shell.ErrorAsync()}");
        return output;
    }
}
