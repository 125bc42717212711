using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting.Tests.Failures;

public sealed class PluginStartMessageTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Message_FieldThatSteersATerminal_IsSpelledOutAndCut()
    {
        var found = $"the first field is a number: '\e]0;owned\a{new string('x', 5000)}' is none.";

        var failure = new PluginStartAttempt("todo", _time).Fail(PluginStartStage.Handshake, PluginStartReason.BadHandshake, found);

        Assert.Contains("'\\u001B]0;owned\\u0007xxx", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', failure.Message);
        Assert.True(failure.Message.Length < 2500, "The whole field is quoted.");
    }

    [Fact]
    public void Message_ExitBeforeHandshake_TellsEverythingInItsOrder()
    {
        var attempt = new PluginStartAttempt("todo", _time)
        {
            Evidence = () => new PluginStartEvidence(ExitCode: 7, StandardErrorTail: "loading rules\nboom\n", StandardOutput: "Welcome!\r\n"),
        };
        _time.Advance(TimeSpan.FromMilliseconds(41));

        var failure = attempt.Fail(
            PluginStartStage.Handshake, PluginStartReason.ExitedEarly, "the process ended before it printed a line.", "one handshake line on standard output.", "Read what it says.");

        Assert.Equal(
            """
            Plugin 'todo' did not start: its handshake failed after 41 ms.
            Expected: one handshake line on standard output.
            Found: the process ended before it printed a line.
            The process exited with code 7.
            Its last lines on standard error:
              | loading rules
              | boom
            What stood on its standard output:
              | Welcome!
            What to do: Read what it says.
            """,
            failure.Message,
            ignoreLineEndingDifferences: true);
        Assert.Equal("todo", failure.PluginName);
        Assert.Equal(PluginStartStage.Handshake, failure.Stage);
        Assert.Equal(PluginStartReason.ExitedEarly, failure.Reason);
        Assert.Equal(TimeSpan.FromMilliseconds(41), failure.Elapsed);
        Assert.Equal(7, failure.ExitCode);
        Assert.Null(failure.Signal);
        Assert.Equal("loading rules\nboom\n", failure.StandardErrorTail);
        Assert.Equal("Welcome!\r\n", failure.StandardOutput);
    }

    [Fact]
    public void Message_OnlyFound_HasTwoLines()
    {
        var attempt = new PluginStartAttempt("todo", _time);
        _time.Advance(TimeSpan.FromSeconds(10.04));

        var failure = attempt.Fail(PluginStartStage.Connect, PluginStartReason.TimedOut, "nobody answers.");

        Assert.Equal("Plugin 'todo' did not start: connecting to it failed after 10.0 s.\nFound: nobody answers.", failure.Message);
    }

    [Theory]
    [InlineData(9, "The process was ended by SIGKILL (signal 9).")]
    [InlineData(11, "The process was ended by SIGSEGV (signal 11).")]
    [InlineData(40, "The process was ended by signal 40.")]
    public void Message_Signal_IsNamed(int signal, string sentence)
    {
        var attempt = new PluginStartAttempt("todo", _time) { Evidence = () => new PluginStartEvidence(Signal: signal) };

        Assert.Contains(sentence, attempt.Fail(PluginStartStage.Handshake, PluginStartReason.ExitedEarly, "x").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_LongOutput_ShowsTheEndOfErrorsAndTheBeginningOfOutput()
    {
        var lines = string.Join('\n', Enumerable.Range(1, 100).Select(i => $"line {i}"));
        var attempt = new PluginStartAttempt("todo", _time) { Evidence = () => new PluginStartEvidence(StandardErrorTail: lines, StandardOutput: lines) };

        var message = attempt.Fail(PluginStartStage.Handshake, PluginStartReason.BadHandshake, "x").Message;

        Assert.Contains("standard error:\n  | …\n  | line 81\n", message, StringComparison.Ordinal);
        Assert.Contains("  | line 100\nWhat stood", message, StringComparison.Ordinal);
        Assert.Contains("standard output:\n  | line 1\n", message, StringComparison.Ordinal);
        Assert.EndsWith("  | line 20\n  | …", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_OneEndlessLine_IsCut()
    {
        var attempt = new PluginStartAttempt("todo", _time) { Evidence = () => new PluginStartEvidence(StandardErrorTail: new string('a', 8192)) };

        Assert.InRange(attempt.Fail(PluginStartStage.Handshake, PluginStartReason.BadHandshake, "x").Message.Length, 2000, 2200);
    }

    [Theory]
    [InlineData("\u001b[2Jgone", "\\u001B[2Jgone")]
    [InlineData("a\0b\u0085\u009b", "a\\u0000b\\u0085\\u009B")]
    [InlineData("one\r\ntwo\tthree\rfour", "one\ntwo\tthree\\u000Dfour")]
    [InlineData("abc\u202Edcba", "abc\\u202Edcba")]
    [InlineData("plain", "plain")]
    public void PrintableText_WhatActs_IsSpelledOut(string text, string expected) => Assert.Equal(expected, PrintableText.Of(text));

    [Fact]
    public void PrintableText_HalfACharacter_IsReplaced() => Assert.Equal("\ud83d\ude00 \ufffd ä\ufffd", PrintableText.Of("\ud83d\ude00 \ud83d ä\ude00"));
}
