using System.Text;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Output;

namespace Plugwire.Hosting.Tests.Output;

public sealed class PluginLogParserTests
{
    [Fact]
    public void Parse_OurLine_KeepsAllOfIt()
    {
        var entry = Parse(
            """{"@level":"warn","@message":"took 7 ms","@timestamp":"2026-11-22T06:32:34.325738Z","@module":"Todo.Scanner","event_id":7,"event_name":"Slow","exception":"System.Exception: x\n   at y","Elapsed":7,"Path":"a/b","Ratio":0.5,"Ok":true,"None":null,"List":[1, {"a":2}],"{OriginalFormat}":"took {Elapsed} ms"}""")!;

        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal("took 7 ms", entry.Message);
        Assert.Equal("Todo.Scanner", entry.Module);
        Assert.Equal(new EventId(7, "Slow"), entry.EventId);
        Assert.Equal("Slow", entry.EventId.Name);
        Assert.Equal("System.Exception: x\n   at y", entry.Exception);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 6, 32, 34, TimeSpan.Zero).AddTicks(3257380), entry.Timestamp);
        Assert.Equal("took {Elapsed} ms", entry.OriginalFormat);
        Assert.Equal(
            [new("Elapsed", 7L), new("Path", "a/b"), new("Ratio", 0.5), new("Ok", true), new("None", null), new("List", "[1, {\"a\":2}]")],
            entry.Values);
    }

    [Fact]
    public void Parse_GoPluginsLine_IsRead()
    {
        var entry = Parse("""{"@level":"debug","@message":"plugin address","@timestamp":"2026-11-22T06:32:34.325738Z","address":"/tmp/plugin25","network":"unix"}""")!;

        Assert.Equal(LogLevel.Debug, entry.Level);
        Assert.Equal("plugin address", entry.Message);
        Assert.Null(entry.Module);
        Assert.Null(entry.OriginalFormat);
        Assert.Equal([new("address", "/tmp/plugin25"), new("network", "unix")], entry.Values);
    }

    [Theory]
    [InlineData("trace", LogLevel.Trace)]
    [InlineData(" INFO ", LogLevel.Information)]
    [InlineData("error", LogLevel.Error)]
    [InlineData("off", LogLevel.Information)]
    [InlineData("whatever", LogLevel.Information)]
    public void Parse_Level_IsReadAsHclogDoes(string level, LogLevel expected) =>
        Assert.Equal(expected, Parse($$"""{"@message":"m","@level":"{{level}}"}""")!.Level);

    [Fact]
    public void Parse_Critical_IsAboveError() =>
        Assert.Equal(LogLevel.Critical, Parse("""{"@message":"m","@level":"error","@critical":true}""")!.Level);

    [Theory]
    [InlineData("""{"@message":1}""")]
    [InlineData("""{"@level":"info"}""")]
    [InlineData("""["@message"]""")]
    [InlineData("""{"@message":"cut""")]
    [InlineData("""{"@message":"m"} and more""")]
    [InlineData("""{"@message":"m"}{"@message":"n"}""")]
    [InlineData("""{"@message":"\ud800"}""")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[INFO")]
    public void Parse_JsonThatIsNoLogLine_IsShownAsItStands(string line)
    {
        var entry = Parse(line)!;

        Assert.Equal(LogLevel.Information, entry.Level);
        Assert.Equal(line, entry.Message);
    }

    [Theory]
    [InlineData("""{"@message":"m","@level":5,"@timestamp":6,"@module":[7],"event_id":"8","event_name":9,"exception":10,"@critical":"11"}""", 7)]
    [InlineData("""{"@message":"m","@timestamp":"yesterday","event_id":99999999999999999999}""", 2)]
    public void Parse_KnownKeysWithStrangeValues_BecomeValues(string line, int values)
    {
        var entry = Parse(line)!;

        Assert.Equal("m", entry.Message);
        Assert.Equal(LogLevel.Information, entry.Level);
        Assert.Null(entry.Timestamp);
        Assert.Equal(values, entry.Values.Count);
    }

    [Fact]
    public void Parse_KeyThatComesTwice_IsOneValue() =>
        Assert.Equal([new("a", 2L), new("b", 3L)], Parse("""{"@message":"m","a":1,"b":3,"a":2}""")!.Values);

    [Fact]
    public void Parse_TemplateThatIsNoText_IsAValueOfAnotherName()
    {
        var entry = Parse("""{"@message":"m","{OriginalFormat}":7}""")!;

        Assert.Null(entry.OriginalFormat);
        Assert.Equal([new("OriginalFormat", 7L)], entry.Values);
        Assert.Equal("{Message}", Assert.Single(new PluginLogState(entry), value => value.Key == "{OriginalFormat}").Value);
    }

    [Fact]
    public void EstimateSize_OfWhatIsSpelledOut_IsThatOfTheText()
    {
        const int Controls = 1000;

        Assert.InRange(Parse(new string('\u0001', Controls))!.EstimateSize(), Controls * "\\u0001".Length * sizeof(char), (Controls * "\\u0001".Length * sizeof(char)) + 1024);
    }

    [Fact]
    public void Parse_DeepJson_IsShownAsItStands()
    {
        var line = """{"@message":"m","a":""" + new string('[', 5000) + new string(']', 5000) + "}";

        Assert.Equal(line, Parse(line)!.Message);
    }

    [Fact]
    public void Parse_ThousandsOfValues_KeepsTheFirst()
    {
        var line = "{\"@message\":\"m\"," + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"k{i}\":{i}")) + "}";

        Assert.Equal(64, Parse(line)!.Values.Count);
    }

    [Theory]
    [InlineData("[TRACE] a", LogLevel.Trace, "a")]
    [InlineData("[DEBUG]   a", LogLevel.Debug, "a")]
    [InlineData("[INFO] a", LogLevel.Information, "a")]
    [InlineData("[WARN] a", LogLevel.Warning, "a")]
    [InlineData("[ERROR] a\r", LogLevel.Error, "a")]
    [InlineData("[FATAL] a", LogLevel.Information, "[FATAL] a")]
    [InlineData("  indented", LogLevel.Information, "  indented")]
    [InlineData("\u001b[31mred", LogLevel.Information, "\\u001B[31mred")]
    public void Parse_PlainLine_HasTheLevelOfItsPrefix(string line, LogLevel level, string message)
    {
        var entry = Parse(line)!;

        Assert.Equal(level, entry.Level);
        Assert.Equal(message, entry.Message);
    }

    [Theory]
    [InlineData("panic: runtime error")]
    [InlineData("fatal error: all goroutines are asleep")]
    [InlineData("Unhandled exception. System.InvalidOperationException: x")]
    public void Parse_Crash_IsErrorFromThereOn(string first)
    {
        var parser = new PluginLogParser();

        Assert.Equal(LogLevel.Information, parser.Parse("before"u8)!.Level);
        Assert.Equal(LogLevel.Error, parser.Parse(Encoding.UTF8.GetBytes(first))!.Level);
        Assert.Equal(LogLevel.Error, parser.Parse("   at x"u8)!.Level);
        Assert.Equal(LogLevel.Debug, parser.Parse("[DEBUG] other"u8)!.Level);
        Assert.Equal(LogLevel.Information, parser.Parse("""{"@message":"m","@level":"info"}"""u8)!.Level);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r")]
    public void Parse_EmptyLine_IsNothing(string line) => Assert.Null(Parse(line));

    [Fact]
    public void Parse_InvalidUtf8_IsReplaced()
    {
        Assert.Equal("a\ufffdb", new PluginLogParser().Parse([(byte)'a', 0xFF, (byte)'b'])!.Message);
        Assert.Equal("{\"@message\":\"\ufffd\"}", new PluginLogParser().Parse([.. "{\"@message\":\""u8, 0xFF, .. "\"}"u8])!.Message);
    }

    [Fact]
    public void Parse_TenThousandDamagedLines_NeverThrows()
    {
        const int Seed = 20261122;
        var random = new Random(Seed);
        var whole = """{"@level":"warn","@message":"a\u00e4\n","@timestamp":"2026-11-22T06:32:34.325738Z","event_id":7,"x":[1,{"y":-1.5e300}],"z":null}"""u8.ToArray();
        var parser = new PluginLogParser();
        for (var i = 0; i < 10_000; i++)
        {
            var line = whole.AsSpan(0, random.Next(1, whole.Length + 1)).ToArray();
            for (var damage = random.Next(0, 6); damage > 0; damage--)
                line[random.Next(line.Length)] = (byte)random.Next(256);

            // Control characters in a message were spelled out, whichever way it went.
            if (parser.Parse(line) is { } entry)
                Assert.DoesNotContain(entry.Message, c => c is < ' ' and not ('\n' or '\t') or '\u007f');
        }
    }

    private static PluginLogEntry? Parse(string line) => new PluginLogParser().Parse(Encoding.UTF8.GetBytes(line));
}
