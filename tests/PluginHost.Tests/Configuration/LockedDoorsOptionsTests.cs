using System.Text;
using Microsoft.Extensions.Configuration;
using Plugwire.Hosting.Configuration;
using Plugwire.Hosting.Tests.Integrity;

namespace Plugwire.Hosting.Tests.Configuration;

/// <summary>The options that say which files run and what they may use up.</summary>
public sealed class LockedDoorsOptionsTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public async Task Validate_ManyMistakes_ReportsEachWithItsValue()
    {
        using var plugin = new InstalledPlugin();
        var options = new PluginOptions("plugins/todo")
        {
            Integrity = { Manifest = await plugin.ListAsync(), ManifestFile = " ", ManifestSha256 = "abc", Directory = "else\0where" },
            Limits = { OpenFiles = 31, ManagedHeap = 2, OomScoreAdjustment = -1 },
            Environment = { ["DOTNET_GCHeapHardLimit"] = "1000000" },
        };

        string[] expected =
        [
            "both Manifest and ManifestFile", "ManifestFile is ' '", "ManifestSha256 is 'abc'", "Directory is 'else\\u0000where'", "OpenFiles is 31", "ManagedHeap is 2.",
            "OomScoreAdjustment is -1", "'DOTNET_GCHeapHardLimit'",
        ];
        var mistakes = PluginOptionsValidator.MistakesIn(options);
        Assert.All(expected, text => Assert.Contains(mistakes, mistake => mistake.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, mistakes.Count);
    }

    [Theory]
    [InlineData("dotnet", null, true, null, "a program of the search path")]
    [InlineData("plugins/todo", "plugins", false, null, "nothing is copied")]
    [InlineData("plugins/todo", "other", true, null, "which is not below Integrity.Directory")]
    [InlineData("plugins/todo", "plugins/todo", true, null, "which is not below Integrity.Directory")]
    [InlineData("plugins-2/todo", "plugins", true, null, "which is not below Integrity.Directory")]
    [InlineData("plugins/todo", null, false, Hash, "there is no manifest")]
    public void Validate_OptionsThatDoNotGoTogether_SaysWhy(string fileName, string? directory, bool copy, string? pin, string sentence)
    {
        var options = new PluginOptions(fileName) { Integrity = { Directory = directory, PrivateCopy = copy, ManifestSha256 = pin } };

        Assert.Contains(sentence, Assert.Single(PluginOptionsValidator.MistakesIn(options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plugins/todo", null)]
    [InlineData("plugins/todo/bin/todo", "plugins/todo")]
    [InlineData("todo.py", null)]
    public void Validate_CopyOfAPluginsOwnDirectory_IsFine(string fileName, string? directory) => Assert.Empty(PluginOptionsValidator.MistakesIn(
        new PluginOptions(fileName) { Integrity = { Directory = directory, ManifestFile = "todo.manifest.json", ManifestSha256 = Hash.ToUpperInvariant() } }));

    [Fact]
    public void Apply_EveryOption_IsRead()
    {
        var options = new PluginOptions { Limits = { OpenFiles = 70 } };

        Apply(options, $$"""
            {
              "Integrity": { "ManifestFile": "m.json", "ManifestSha256": "{{Hash}}", "PrivateCopy": true, "Directory": "plugins/todo" },
              "Limits": { "ManagedHeap": 100000000, "CoreDumps": false, "OomScoreAdjustment": 7 },
              "Hardened": true
            }
            """);

        Assert.Equal(("m.json", Hash, true, "plugins/todo"), (options.Integrity.ManifestFile, options.Integrity.ManifestSha256, options.Integrity.PrivateCopy, options.Integrity.Directory));
        Assert.Equal((70, 100_000_000, false, 7), (options.Limits.OpenFiles, options.Limits.ManagedHeap, options.Limits.CoreDumps, options.Limits.OomScoreAdjustment));
        Assert.True(options.Hardened);
    }

    [Theory]
    [InlineData("""{ "Limits": { "OpenFile": 1 } }""", "OpenFile")]
    [InlineData("""{ "Integrity": { "Manifest": "m.json" } }""", "Manifest")]
    public void Apply_MisspeltKey_IsNamed(string json, string key)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Apply(new PluginOptions(), json));

        Assert.Contains($"'{key}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_OfNestedOptions_HasTheSameValuesAndIsApart()
    {
        using var plugin = new InstalledPlugin();
        var options = new PluginOptions("plugin")
        {
            Integrity = { Manifest = await plugin.ListAsync(), ManifestFile = "f", ManifestSha256 = "h", PrivateCopy = true, Directory = "d" },
            Limits = { OpenFiles = 71, ManagedHeap = 73, CoreDumps = false, OomScoreAdjustment = 74 },
        };
        AssertNoneIsDefault(options.Integrity, new PluginIntegrityOptions());
        AssertNoneIsDefault(options.Limits, new PluginLimitOptions());

        var copy = options.Copy();

        Assert.Equivalent(options.Integrity, copy.Integrity, strict: true);
        Assert.Equivalent(options.Limits, copy.Limits, strict: true);
        copy.Limits.OpenFiles = null;
        copy.Integrity.PrivateCopy = false;
        Assert.Equal((71, true), (options.Limits.OpenFiles, options.Integrity.PrivateCopy));
    }

    // So that an option that the copy forgets is seen.
    private static void AssertNoneIsDefault<T>(T options, T defaults) =>
        Assert.All(typeof(T).GetProperties(), property => Assert.NotEqual(property.GetValue(defaults), property.GetValue(options)));

    private static void Apply(PluginOptions options, string json) => PluginSection.Apply(
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build(), options);
}
