namespace Plugwire.Contracts.Tests.Checking;

/// <summary>Every rule about fields, in both directions, and what breaks none.</summary>
public sealed class FieldRuleTests
{
    [Theory]
    [InlineData("int32 a = 1", "int32 a = 2")]
    [InlineData("int32 a = 1; int32 b = 2", "int32 b = 1; int32 a = 2")]
    [InlineData("int32 a = 1; int32 b = 2", "int32 c = 1; int32 a = 2; int32 b = 3")]
    [InlineData("int32 a = 1", "string a = 2")]
    [InlineData("repeated Note a = 1", "Note a = 2")]
    public void Field_WithAnotherNumber_Breaks(string here, string there) => AssertBreaks("CONTRACT006", here, there);

    [Theory]
    [InlineData("int32 a = 1", "string a = 1")]
    [InlineData("int32 a = 1", "sint32 a = 1")]
    [InlineData("int64 a = 1", "sint64 a = 1")]
    [InlineData("uint32 a = 1", "fixed32 a = 1")]
    [InlineData("int64 a = 1", "fixed64 a = 1")]
    [InlineData("fixed32 a = 1", "fixed64 a = 1")]
    [InlineData("fixed32 a = 1", "float a = 1")]
    [InlineData("sfixed64 a = 1", "double a = 1")]
    [InlineData("float a = 1", "double a = 1")]
    [InlineData("bool a = 1", "string a = 1")]
    [InlineData("Color a = 1", "sint32 a = 1")]
    [InlineData("Color a = 1", "string a = 1")]
    [InlineData("Note a = 1", "string a = 1")]
    [InlineData("Note a = 1", "bytes a = 1")]
    [InlineData("Note a = 1", "group:Note a = 1")]
    [InlineData("Note a = 1", "int32 a = 1")]
    [InlineData("int32 a = 1", "string renamed = 1")]
    [InlineData("repeated int32 a = 1", "bytes a = 1")]
    [InlineData("repeated int32 a = 1", "repeated sint32 a = 1")]
    [InlineData("map<string, int32> a = 1", "map<string, sint32> a = 1")]
    [InlineData("map<string, int32> a = 1", "map<int32, int32> a = 1")]
    [InlineData("map<string, Note> a = 1", "map<string, string> a = 1")]
    [InlineData("map<string, int32> a = 1", "repeated string a = 1")]
    public void Field_OfAnotherEncoding_Breaks(string here, string there) => AssertBreaks("CONTRACT007", here, there);

    [Theory]
    [InlineData("int32 a = 1", "repeated int32 a = 1")]
    [InlineData("string a = 1", "repeated string a = 1")]
    [InlineData("Note a = 1", "repeated Note a = 1")]
    [InlineData("required int32 a = 1", "repeated int32 a = 1")]
    [InlineData("map<string, int32> a = 1", "Pair a = 1")]
    public void Field_OnceHereAndOftenThere_Breaks(string here, string there) => AssertBreaks("CONTRACT008", here, there);

    [Theory]
    [InlineData("required int32 a = 1", "int32 a = 1")]
    [InlineData("required int32 a = 1", "optional int32 a = 1")]
    [InlineData("required int32 a = 1", "")]
    public void Field_RequiredOnOneSide_Breaks(string here, string there) => AssertBreaks("CONTRACT009", here, there);

    [Theory]
    [InlineData("int32 a = 1", "int32 renamed = 1")]
    [InlineData("int32 a = 1", "int64 a = 1")]
    [InlineData("int32 a = 1", "uint32 a = 1")]
    [InlineData("uint64 a = 1", "bool a = 1")]
    [InlineData("int32 a = 1", "Color a = 1")]
    [InlineData("sint32 a = 1", "sint64 a = 1")]
    [InlineData("fixed32 a = 1", "sfixed32 a = 1")]
    [InlineData("fixed64 a = 1", "sfixed64 a = 1")]
    [InlineData("string a = 1", "bytes a = 1")]
    [InlineData("repeated string a = 1", "repeated bytes a = 1")]
    [InlineData("repeated int32 a = 1", "packed int32 a = 1")]
    [InlineData("repeated int32 a = 1", "packed uint64 a = 1")]
    [InlineData("int32 a = 1", "optional int32 a = 1")]
    [InlineData("int32 a = 1", "int32 a = 1; string b = 2; Note c = 3; repeated int32 d = 4; map<string, Note> e = 5")]
    [InlineData("", "int32 a = 1")]
    [InlineData("Note a = 1", "Twin a = 1")]
    [InlineData("repeated Note a = 1", "repeated Twin a = 1")]
    [InlineData("group:Note a = 1", "group:Twin a = 1")]
    [InlineData("map<string, int32> a = 1", "map<bytes, int64> a = 1")]
    [InlineData("map<string, Note> a = 1", "map<string, Twin> a = 1")]
    [InlineData("map<string, int32> a = 1", "repeated Pair a = 1")]
    [InlineData("required int32 a = 1", "required int64 a = 1")]
    public void Field_OfTheSameEncoding_BreaksNothing(string here, string there) =>
        Assert.Equal("", TestContract.Rules(TestContract.Of(here), TestContract.Of(there)));

    [Fact]
    public void Field_InAMessageInAMessage_IsFoundAtItsOwnPlace()
    {
        var here = TestContract.Of("Outer a = 1").Add("Outer", "repeated Inner list = 1").Add("Inner", "int64 line = 3");
        var there = TestContract.Of("Outer a = 1").Add("Outer", "repeated Inner list = 1").Add("Inner", "string line = 3");

        var difference = Assert.Single(TestContract.Compare(here, there).Differences);

        Assert.Equal(new ContractDifference("CONTRACT007", "t.Inner.line", "int64 line = 3", "string line = 3"), difference);
    }

    [Theory]
    [InlineData("map<string, Note> a = 1", "map<string, Stranger> a = 1")]
    [InlineData("repeated Note a = 1", "repeated Stranger a = 1")]
    [InlineData("Note a = 1", "Stranger b = 1")]
    public void Message_OfAnotherNameAndOtherFields_IsNamedWithItsField(string here, string there)
    {
        var difference = Assert.Single(TestContract.Compare(TestContract.Of(here), TestContract.Of(there)).Differences);

        Assert.Equal(new ContractDifference("CONTRACT007", "t.Note.text", "string text = 1", "int64 text = 1 in t.Stranger"), difference);
    }

    [Theory]
    [InlineData("int32 a = 1", "string a = 1", "int32 a = 1", "string a = 1")]
    [InlineData("Note a = 1", "bytes a = 1", "t.Note a = 1", "bytes a = 1")]
    [InlineData("repeated Color a = 1", "Color a = 1", "repeated t.Color a = 1", "t.Color a = 1")]
    [InlineData("map<string, Note> a = 1", "map<string, int32> a = 1", "map<string, t.Note> a = 1", "map<string, int32> a = 1")]
    [InlineData("group:Note a = 1", "Note a = 1", "group t.Note a = 1", "t.Note a = 1")]
    [InlineData("required int32 a = 7", "", "required int32 a = 7", "no such field")]
    public void Difference_OfAField_ShowsBothSidesAsAProtoHasThem(string here, string there, string hereText, string thereText)
    {
        var difference = Assert.Single(TestContract.Compare(TestContract.Of(here), TestContract.Of(there)).Differences);
        var reverse = Assert.Single(TestContract.Compare(TestContract.Of(there), TestContract.Of(here)).Differences);

        Assert.Equal((hereText, thereText), (difference.Here, difference.There));
        Assert.Equal((thereText, hereText), (reverse.Here, reverse.There));
    }

    [Fact]
    public void Fields_OnOneSideAlone_AreCounted()
    {
        var comparison = TestContract.Compare(TestContract.Of("int32 a = 1; int32 b = 2; int32 c = 3"), TestContract.Of("int32 c = 3; int32 d = 4"));

        Assert.Empty(comparison.Differences);
        Assert.Equal((2, 1), (comparison.OnlyHere, comparison.OnlyThere));
    }

    [Theory]
    [InlineData("string b = 7", "CONTRACT012 t.Request.b")]
    [InlineData("string gone = 3", "CONTRACT012 t.Request.gone")]
    [InlineData("string b = 12", "CONTRACT012 t.Request.b")]
    [InlineData("string b = 13", "")]
    public void Field_ThatTheOlderSideHasReserved_BreaksThatPromiseAlone(string added, string expected)
    {
        var here = TestContract.Of("int32 a = 1");
        here.Message("Request").ReservedRange.Add(new Google.Protobuf.Reflection.DescriptorProto.Types.ReservedRange { Start = 7, End = 8 });
        here.Message("Request").ReservedRange.Add(new Google.Protobuf.Reflection.DescriptorProto.Types.ReservedRange { Start = 10, End = 13 });
        here.Message("Request").ReservedName.Add("gone");
        var there = TestContract.Of("int32 a = 1; " + added);

        Assert.Equal(expected, TestContract.Text(TestContract.Compare(here, there, hereIsOlder: true)));
        Assert.Empty(TestContract.Compare(here, there).Differences);
    }

    private static void AssertBreaks(string rule, string here, string there)
    {
        var rules = TestContract.Text(TestContract.Compare(TestContract.Of(here), TestContract.Of(there)));
        var reverse = TestContract.Text(TestContract.Compare(TestContract.Of(there), TestContract.Of(here)));

        Assert.All((string[])[rules, reverse], found => Assert.All(found.Split(", "), one => Assert.StartsWith(rule + " t.Request.", one, StringComparison.Ordinal)));
    }
}
