using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Plugwire.Hosting.Tests.Launching;

namespace Plugwire.Hosting.Tests.Integrity;

public sealed class PluginManifestTests : IDisposable
{
    private const string SomeHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly InstalledPlugin _plugin = new();

    public void Dispose() => _plugin.Dispose();

    [Fact]
    public async Task CreateAsync_Directory_ListsEveryFileSortedWithSizeHashAndMark()
    {
        var manifest = await _plugin.ListAsync();

        Assert.Equal(["de/deep/er/ä b.txt", "de/library.resources.dll", "empty", "library.dll", "plugin"], manifest.Files.Select(file => file.Path));
        Assert.All(manifest.Files, file => Assert.Equal(new FileInfo(_plugin.PathOf(file.Path)).Length, file.Size));
        Assert.All(manifest.Files, file => Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_plugin.PathOf(file.Path)))), file.Sha256));
        Assert.Equal(["plugin"], manifest.Files.Where(file => file.IsExecutable).Select(file => file.Path));
    }

    [Fact]
    public async Task WriteAsync_IntoThePluginsDirectory_IsReadBackAndHasTheHashThatItSays()
    {
        var manifest = await _plugin.ListAsync();
        var path = _plugin.PathOf(PluginManifest.FileName);

        await manifest.WriteAsync(path, InstalledPlugin.Token);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, InstalledPlugin.Token))), manifest.Sha256);
        var read = await PluginManifest.ReadAsync(path, InstalledPlugin.Token);
        Assert.Equivalent(manifest.Files, read.Files, strict: true);
        Assert.Equal(manifest.Sha256, read.Sha256);

        // It lists all but itself, or it could be made only once.
        Assert.Equal(manifest.Sha256, (await _plugin.ListAsync()).Sha256);
    }

    [Fact]
    public void ToUtf8Json_OneFile_IsTheOneForm()
    {
        var json = Json(("b", 0, SomeHash, true), ("c", 12, SomeHash, false));

        var manifest = PluginManifest.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Equal(json, Encoding.UTF8.GetString(manifest.ToUtf8Json()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../plugin")]
    [InlineData("a/../../plugin")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("./a")]
    [InlineData("a\\..\\b")]
    [InlineData("C:b")]
    [InlineData("a\u0001b")]
    public void Parse_PathThatLeavesTheDirectory_IsRefusedByName(string path)
    {
        var json = Json((System.Text.Json.JsonEncodedText.Encode(path).ToString(), 0, SomeHash, false));

        var refusal = Assert.Throws<InvalidDataException>(() => PluginManifest.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Contains($"lists '{path}': a path ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FileTwiceOrBadHashOrSize_IsRefused()
    {
        Refuse(Json(("a", 0, SomeHash, false), ("a", 0, SomeHash, false)), "more than once");
        Refuse(Json(("a", 0, SomeHash.ToUpperInvariant(), false)), "64 small hexadecimal digits");
        Refuse(Json(("a", 0, SomeHash[1..], false)), "64 small hexadecimal digits");
        Refuse(Json(("a", -1, SomeHash, false)), "-1 bytes");
        Refuse(Json(("a", PluginManifest.MaxTotalSize, SomeHash, false), ("b", 1, SomeHash, false)), "together");
        Refuse(Json(("a", 0, SomeHash, false)).Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal), "version 2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("{\"version\":1,\"files\":7}")]
    [InlineData("{\"version\":1,\"files\":[{\"path\":null,\"size\":1,\"sha256\":null}]}")]
    [InlineData("{\"version\":1,\"files\":[[[[[[1]]]]]]}")]
    public void Parse_SomethingElse_IsRefused(string json) => Refuse(json, "The manifest ");

    [Fact]
    public void Parse_OtherSpellingOfTheSame_IsRefused()
    {
        var json = Json(("a", 1, SomeHash, false), ("b", 1, SomeHash, false));

        Refuse(json.Replace("\n", "\r\n", StringComparison.Ordinal), "the one form");
        Refuse(json.TrimEnd('\n'), "the one form");
        Refuse(json.Replace("\"size\": 1,", "\"size\": 1, \"more\": 2,", StringComparison.Ordinal), "the one form");
        Refuse(Json(("b", 1, SomeHash, false), ("a", 1, SomeHash, false)), "the one form");
    }

    [Fact]
    public void Parse_OneByteOfTheJsonChanged_IsAnotherManifestOrRefused()
    {
        var json = Encoding.UTF8.GetBytes(Json(("b", 1, SomeHash, false), ("bin/a", 17, SomeHash, true)));
        var manifest = PluginManifest.Parse(json);

        for (var i = 0; i < json.Length; i++)
        {
            foreach (var flip in new[] { 0x01, 0x20, 0x80 })
            {
                var changed = json.ToArray();
                changed[i] ^= (byte)flip;
                try
                {
                    Assert.NotEqual(manifest.Sha256, PluginManifest.Parse(changed).Sha256);
                }
                catch (InvalidDataException)
                {
                    // The only way to refuse.
                }
            }
        }
    }

    [Fact]
    public async Task CreateAsync_LinkOrPipeInTheDirectory_IsRefusedByName()
    {
        File.CreateSymbolicLink(_plugin.PathOf("de/link.dll"), _plugin.PathOf("library.dll"));
        Assert.Contains("'de/link.dll' is a link", (await Assert.ThrowsAnyAsync<IOException>(_plugin.ListAsync)).Message, StringComparison.Ordinal);
        File.Delete(_plugin.PathOf("de/link.dll"));

        using (var mkfifo = Process.Start("mkfifo", [_plugin.PathOf("pipe")]))
            await mkfifo.WaitForExitAsync(InstalledPlugin.Token).WaitAsync(Shell.Limit, InstalledPlugin.Token);
        Assert.Contains("'pipe' is no file", (await Assert.ThrowsAnyAsync<IOException>(_plugin.ListAsync)).Message, StringComparison.Ordinal);
    }

    private static void Refuse(string json, string sentence)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => PluginManifest.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    private static string Json(params (string Path, long Size, string Sha256, bool Executable)[] files)
    {
        var entries = files.Select(file =>
            $"    {{\n      \"path\": \"{file.Path}\",\n      \"size\": {file.Size},\n      \"sha256\": \"{file.Sha256}\"{(file.Executable ? ",\n      \"executable\": true" : "")}\n    }}");
        return $"{{\n  \"version\": 1,\n  \"files\": [\n{string.Join(",\n", entries)}\n  ]\n}}\n";
    }
}
