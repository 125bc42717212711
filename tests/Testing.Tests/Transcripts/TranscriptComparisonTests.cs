using Plugwire.Testing.Transcripts;

namespace Plugwire.Testing.Tests.Transcripts;

/// <summary>What counts as another conversation, and what does not.</summary>
public sealed class TranscriptComparisonTests
{
    private const string Recorded =
        """
        # two calls, one after the other
        1 call /a.B/Both
        1 request {"value":"one"}
        1 response {"value":"ONE"}
        1 request {"value":"two"}
        1 end-of-requests
        1 response {"value":"TWO"}
        1 status OK
        2 call /a.B/Unary
        2 request {"value":"Ada"}
        2 response {"value":"hello"}
        2 status OK
        """;

    private const string AtOnce =
        """
        1 call /a.B/Unary
        1 request {"value":"one"}
        2 call /a.B/Unary
        2 request {"value":"two"}
        2 response {"value":"TWO"}
        2 status OK
        1 response {"value":"ONE"}
        1 status OK
        """;

    [Fact]
    public void Same_IsSame() => Assert.Null(Compare(Recorded, Recorded));

    [Fact]
    public void Same_InAnotherInterleavingOfBothSides_IsSame() =>
        Assert.Null(Compare(Recorded, Move(Recorded, "1 request {\"value\":\"two\"}", "1 response {\"value\":\"ONE\"}")));

    [Fact]
    public void CallsAtTheSameTime_InAnotherOrder_AreSame() => Assert.Null(Compare(
        AtOnce,
        """
        1 call /a.B/Unary
        1 request {"value":"two"}
        1 response {"value":"TWO"}
        1 status OK
        2 call /a.B/Unary
        2 request {"value":"one"}
        2 response {"value":"ONE"}
        2 status OK
        """));

    [Fact]
    public void Answer_ThatIsAnother_IsFoundWithItsLine()
    {
        var differences = Compare(Recorded, Recorded.Replace("{\"value\":\"ONE\"}", "{\"value\":\"Une\"}", StringComparison.Ordinal));

        Assert.Equal(
            """
            Line 4: call 1, /a.B/Both, is another from here on:
              - 1 response {"value":"ONE"}
              + 1 response {"value":"Une"}
                1 response {"value":"TWO"}
            """,
            differences);
    }

    [Theory]
    [InlineData("1 response {\"value\":\"ONE\"}", 4)]
    [InlineData("1 response {\"value\":\"TWO\"}", 7)]
    [InlineData("1 request {\"value\":\"two\"}", 5)]
    [InlineData("1 end-of-requests", 6)]
    public void Message_ThatIsMissing_IsFoundWithItsLine(string line, int number)
    {
        var differences = Compare(Recorded, Recorded.Replace(line, "", StringComparison.Ordinal));

        Assert.StartsWith($"Line {number}:", differences, StringComparison.Ordinal);
        Assert.Contains($"- {line}", differences, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_ThatIsNew_IsFoundWithTheLineBeforeWhichItStands()
    {
        var differences = Compare(Recorded, Recorded.Replace("1 status OK", "1 response {}\n1 status OK", StringComparison.Ordinal));

        Assert.StartsWith("Line 8:", differences, StringComparison.Ordinal);
        Assert.Contains("+ 1 response {}", differences, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 response {\"value\":\"TWO\"}", "1 response {\"value\":\"ONE\"}", 4)]
    [InlineData("1 request {\"value\":\"two\"}", "1 request {\"value\":\"one\"}", 3)]
    public void Messages_OfOneSideInAnotherOrder_AreFoundWithTheirLine(string later, string earlier, int number) =>
        Assert.StartsWith($"Line {number}:", Compare(Recorded, Move(Recorded, later, earlier)), StringComparison.Ordinal);

    [Fact]
    public void Calls_OneAfterTheOtherInAnotherOrder_AreFound()
    {
        var second = Recorded[Recorded.IndexOf("2 call", StringComparison.Ordinal)..];
        var first = Recorded[Recorded.IndexOf("1 call", StringComparison.Ordinal)..Recorded.IndexOf("2 call", StringComparison.Ordinal)];

        Assert.StartsWith("Line 2: call 1, /a.B/Both, is another from here on:", Compare(Recorded, $"{second}\n{first}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Call_ThatIsMissing_IsFoundWithItsLine() =>
        Assert.StartsWith("Line 9: this call was not made:", Compare(Recorded, Recorded[..Recorded.IndexOf("2 call", StringComparison.Ordinal)]), StringComparison.Ordinal);

    [Fact]
    public void Call_ThatIsNew_IsFound()
    {
        var differences = Compare(Recorded, Recorded + "\n3 call /a.B/Unary\n3 request {}\n3 status OK");

        Assert.StartsWith("An extra call, of which the transcript has nothing:\n  + 3 call /a.B/Unary\n", differences, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_OutOfAHandlerThatMadesNone_IsFound() =>
        Assert.Contains(
            "An extra call", Compare("1 serve /a.B/C\n1 status OK", "1 serve /a.B/C\n2 call /d.E/F from 1\n2 status OK\n1 status OK"), StringComparison.Ordinal);

    [Theory]
    [InlineData("hello", "line 1, 'hello'")]
    [InlineData("# a comment\n\n1 shout {}", "line 3, '1 shout {}'")]
    [InlineData("1 request {}", "line 1, '1 request {}': call 1 has not begun")]
    [InlineData("1 call /a.B/C\n1 status OK\n1 request {}", "line 3, '1 request {}': call 1 has ended")]
    [InlineData("1 call /a.B/C\n1 call /a.B/C", "line 2, '1 call /a.B/C': call 1 has begun before")]
    [InlineData("2 call /a.B/C from 1", "line 1, '2 call /a.B/C from 1': call 1, from which it is made, has not begun")]
    public void Text_ThatIsNoTranscript_IsRefusedWithItsLine(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Transcript.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_OfATranscript_IsReadAsItWasWritten()
    {
        var text = Transcript.Parse(Recorded).ToString();

        Assert.Equal(text, Transcript.Parse(text).ToString());
    }

    private static string? Compare(string expected, string found) => TranscriptComparison.Differences(Transcript.Parse(expected).Calls, Transcript.Parse(found).Calls);

    private static string Move(string text, string line, string before) =>
        text.Replace(line + "\n", "", StringComparison.Ordinal).Replace(before, line + "\n" + before, StringComparison.Ordinal);
}
