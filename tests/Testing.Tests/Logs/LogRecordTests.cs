using Microsoft.Extensions.Logging;

namespace Plugwire.Testing.Tests.Logs;

public sealed class LogRecordTests
{
    // What is there, as a plugin in another process sends it; and what the plugin has logged.
    public static TheoryData<object?, object?> Same => new()
    {
        { 7L, 7 },
        { 7.5, 7.50m },
        { 0.1, 0.1f },
        { "Warning", LogLevel.Warning },
        { true, true },
        { null, null },
        { "00:00:03", TimeSpan.FromSeconds(3) },
        { "2026-01-02T03:04:05.0000000+00:00", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) },
    };

    public static TheoryData<object?, object?> Different => new()
    {
        { 7L, 8 },
        { "7 ", 7 },
        { null, "" },
        { "true", null },
        { "warning", LogLevel.Warning },
    };

    [Theory, MemberData(nameof(Same))]
    public void Value_ThatReadsTheSame_IsTheExpected(object? there, object? expected) => Assert.True(Record(there).HasValue("Name", expected));

    [Theory, MemberData(nameof(Different))]
    public void Value_ThatReadsOtherwise_IsNot(object? there, object? expected) => Assert.False(Record(there).HasValue("Name", expected));

    [Fact]
    public void Value_OfAnotherName_IsNotThere() => Assert.False(Record(7).HasValue("name", 7));

    private static LogRecord Record(object? value) => new(LogLevel.Information, "subject", default, "", new Dictionary<string, object?> { ["Name"] = value }, null);
}
