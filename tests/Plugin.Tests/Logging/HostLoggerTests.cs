using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugwire.Logging;
using Plugwire.Testing;

namespace Plugwire.Tests.Logging;

public sealed partial class HostLoggerTests : IDisposable
{
    private static readonly string[] Strings = ["a", "b"];

    private readonly List<byte[]> _lines = [];
    private readonly LogLevelSwitch _levels = new();
    private readonly ServiceProvider _services;
    private readonly ILogger _logger;

    public HostLoggerTests()
    {
        var collection = new ServiceCollection();
        var time = new ManualClock(DateTimeOffset.Parse("2026-11-22T06:32:34.325738Z", CultureInfo.InvariantCulture));
        collection.AddSingleton<TimeProvider>(time);
        HostLogging.AddTo(collection, _levels, line => _lines.Add(line.ToArray()));
        _services = collection.BuildServiceProvider();
        _logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("Todo.Rules");
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Entry_WithValues_IsOneHclogLineWithTypedValues()
    {
        Log.Found(_logger, 3, "src/a.cs", 0.5, true, null);

        var text = Encoding.UTF8.GetString(Assert.Single(_lines));
        Assert.StartsWith(
            """{"@level":"info","@message":"Found 3 in src/a.cs (0.5, True, (null))","@timestamp":"2026-11-22T06:32:34.325738Z","@module":"Todo.Rules",""",
            text,
            StringComparison.Ordinal);
        var line = ReadSingle();
        Assert.Equal(7, line.GetProperty("event_id").GetInt32());
        Assert.Equal("Found", line.GetProperty("event_name").GetString());
        Assert.Equal(3, line.GetProperty("Count").GetInt32());
        Assert.Equal("src/a.cs", line.GetProperty("Path").GetString());
        Assert.Equal(0.5, line.GetProperty("Share").GetDouble());
        Assert.True(line.GetProperty("Whole").GetBoolean());
        Assert.Equal(JsonValueKind.Null, line.GetProperty("Rest").ValueKind);
        Assert.Equal("Found {Count} in {Path} ({Share}, {Whole}, {Rest})", line.GetProperty("{OriginalFormat}").GetString());
    }

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "error")]
    public void Level_OnTheLine_IsOneThatGoHostsKnow(LogLevel level, string name)
    {
        _levels.Set(LogLevel.Trace);

        Write(level, "m");

        var line = ReadSingle();
        Assert.Equal(name, line.GetProperty("@level").GetString());
        Assert.Equal(level == LogLevel.Critical, line.TryGetProperty("@critical", out _));
    }

    [Fact]
    public void Exception_OnTheLine_IsItsWholeText()
    {
        Write(LogLevel.Error, "m", exception: new InvalidOperationException("outer", new IOException("inner")));

        var text = ReadSingle().GetProperty("exception").GetString();
        Assert.Contains("outer", text, StringComparison.Ordinal);
        Assert.Contains("inner", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_NamedLikeOurKeys_AreRenamed()
    {
        Write(LogLevel.Information, "m", ("@level", 1), ("@message", null), ("@timestamp", 2.5), ("event_id", "x"), ("", "empty"));

        var line = ReadSingle();
        Assert.Equal("info", line.GetProperty("@level").GetString());
        Assert.Equal("m", line.GetProperty("@message").GetString());
        Assert.Equal(JsonValueKind.String, line.GetProperty("@timestamp").ValueKind);
        Assert.Equal(1, line.GetProperty("_@level").GetInt32());
        Assert.Equal("x", line.GetProperty("_event_id").GetString());
        Assert.Equal("empty", line.GetProperty("_").GetString());
    }

    [Fact]
    public void Scopes_OnTheLine_AddTheirValuesBehindTheMessages()
    {
        using (_logger.BeginScope(new KeyValuePair<string, object?>[] { new("Request", 12), new("Name", "scope") }))
        using (_logger.BeginScope("plain"))
            Write(LogLevel.Information, "m", ("Name", "message"));

        var line = ReadSingle();
        Assert.Equal(12, line.GetProperty("Request").GetInt32());
        Assert.Equal("message", line.GetProperty("Name").GetString());
        Assert.Equal("plain", line.GetProperty("scope").GetString());
    }

    [Fact]
    public void Values_ThatThrowOrAreNoNumbers_AreTextAndNeverThrow()
    {
        Write(
            LogLevel.Information, "m",
            ("Throws", new Hostile()), ("NaN", double.NaN), ("Lone", "a\ud800b"), ("Lines", "a\nb\0\u001b"), ("List", Strings), ("Guid", Guid.Empty));

        var line = ReadSingle();
        Assert.Contains("as told", line.GetProperty("Throws").GetString(), StringComparison.Ordinal);
        Assert.Equal("NaN", line.GetProperty("NaN").GetString());
        Assert.Equal("a\ufffdb", line.GetProperty("Lone").GetString());
        Assert.Equal("a\nb\0\u001b", line.GetProperty("Lines").GetString());
        Assert.Equal(Strings, line.GetProperty("List").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(Guid.Empty.ToString(), line.GetProperty("Guid").GetString());
    }

    [Fact]
    public void Message_ThatCannotBeFormatted_IsStillAnEntry()
    {
        _logger.Log(LogLevel.Information, default, 1, null, static (_, _) => throw new FormatException("as told"));

        Assert.Contains("as told", ReadSingle().GetProperty("@message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Entry_FarBeyondTheLimit_IsCutToAValidLineThatSaysSo()
    {
        var huge = new string('\u20ac', 100_000);

        Write(LogLevel.Information, huge, new InvalidOperationException(huge), ("A", huge), ("B", 1), (huge, 2));

        var line = ReadSingle();
        Assert.True(line.GetProperty("truncated").GetBoolean());
        Assert.True(line.GetProperty("@message").GetString()!.Length > 1_000);
    }

    [Fact]
    public void AsciiMessage_OfEightKibibytes_IsNotCut()
    {
        Write(LogLevel.Information, new string('x', 8 * 1024));

        var line = ReadSingle();
        Assert.Equal(8 * 1024, line.GetProperty("@message").GetString()!.Length);
        Assert.False(line.TryGetProperty("truncated", out _));
    }

    [Fact]
    public void Lines_OfAnyText_AreValidJsonWithinTheLimitAndStringsUnderTheAtKeys() =>
        Prop.ForAll<(string? Message, string? Value, int Number, ushort Repeat)>(entry =>
        {
            var (message, value, number, repeat) = entry;
            _lines.Clear();
            var text = string.Concat(Enumerable.Repeat(value ?? "", (repeat % 2_000) + 1));
            Write(LogLevel.Warning, string.Concat(Enumerable.Repeat(message ?? "", repeat % 700)), (value ?? "", number), ("b", text), ("c" + message, text));
            ReadSingle();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void LevelSwitch_Changed_TakesEffectOnLoggersThatExist()
    {
        Assert.False(_logger.IsEnabled(LogLevel.Debug));
        Assert.True(_logger.IsEnabled(LogLevel.Information));

        _levels.Set(LogLevel.Debug);
        Assert.True(_logger.IsEnabled(LogLevel.Debug));
        Assert.False(_logger.IsEnabled(LogLevel.Trace));

        _levels.Set(LogLevel.None);
        Assert.False(_logger.IsEnabled(LogLevel.Critical));

        _levels.Set(LogLevel.Error);
        Assert.True(_logger.IsEnabled(LogLevel.Error));
        Assert.False(_logger.IsEnabled(LogLevel.Warning));
    }

    [Theory]
    [InlineData("Debug", LogLevel.Debug)]
    [InlineData("warning", LogLevel.Warning)]
    [InlineData("NONE", LogLevel.None)]
    public void LevelName_InAnyCase_IsRead(string name, LogLevel level)
    {
        Assert.True(LogLevelNames.TryParse(name, out var read));
        Assert.Equal(level, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("info")]
    public void LevelName_ThatIsNone_IsNotRead(string? name) => Assert.False(LogLevelNames.TryParse(name, out _));

    private void Write(LogLevel level, string message, params (string Name, object? Value)[] values) => Write(level, message, null, values);

    private void Write(LogLevel level, string message, Exception? exception, params (string Name, object? Value)[] values)
    {
        var state = values.Select(value => new KeyValuePair<string, object?>(value.Name, value.Value)).ToArray();
        _logger.Log(level, default, state, exception, (_, _) => message);
    }

    private JsonElement ReadSingle()
    {
        var line = Assert.Single(_lines);
        Assert.InRange(line.Length, 1, 16 * 1024);
        Assert.Equal((byte)'\n', line[^1]);
        Assert.DoesNotContain((byte)'\n', line[..^1]);
        using var json = JsonDocument.Parse(line);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.Name is "@level" or "@message" or "@timestamp" or "@module")
                Assert.Equal(JsonValueKind.String, property.Value.ValueKind);
        }

        var names = json.RootElement.EnumerateObject().Select(property => property.Name).ToArray();
        Assert.Equal(names.Distinct(), names);
        return json.RootElement.Clone();
    }

    private sealed class Hostile
    {
        public override string ToString() => throw new InvalidOperationException("as told");
    }

    private static partial class Log
    {
        [LoggerMessage(7, LogLevel.Information, "Found {Count} in {Path} ({Share}, {Whole}, {Rest})", EventName = "Found")]
        public static partial void Found(ILogger logger, int count, string path, double share, bool whole, string? rest);
    }
}
