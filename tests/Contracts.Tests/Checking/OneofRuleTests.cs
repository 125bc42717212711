namespace Plugwire.Contracts.Tests.Checking;

public sealed class OneofRuleTests
{
    [Theory]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "int32 a = 1; int32 b = 2")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "int32 a = 1 | c; int32 b = 2")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "int32 a = 1 | c; int32 b = 2 | d")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "int32 x = 1; int32 y = 2")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c; int32 d = 3", "int32 a = 1 | c; int32 b = 2 | c; int32 d = 3 | c")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "optional int32 a = 1; optional int32 b = 2")]
    public void Fields_ThatOneSideSetsTogether_Break(string here, string there) =>
        Assert.Equal("CONTRACT010 t.Request.c", TestContract.Rules(TestContract.Of(here), TestContract.Of(there)));

    [Theory]
    [InlineData("int32 a = 1 | c", "int32 a = 1")]
    [InlineData("int32 a = 1 | c", "optional int32 a = 1")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "int32 a = 1 | d; int32 b = 2 | d")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "int32 x = 1 | c; int32 y = 2 | c")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "int32 a = 1 | c; int32 b = 2 | c; int32 d = 3 | c")]
    [InlineData("int32 a = 1 | c; int32 b = 2 | c", "int32 a = 1")]
    [InlineData("int32 a = 1", "int32 a = 1 | c; int32 b = 2 | c")]
    public void Fields_ThatNoSideLoses_BreakNothing(string here, string there) =>
        Assert.Equal("", TestContract.Rules(TestContract.Of(here), TestContract.Of(there)));

    [Fact]
    public void Difference_OfAOneof_ShowsWhichFieldsExcludeEachOther()
    {
        var here = TestContract.Of("int32 a = 1 | c; int32 b = 2 | c; int32 d = 3");
        var there = TestContract.Of("int32 a = 1 | c; int32 b = 2; int32 d = 3 | c");

        var differences = TestContract.Compare(here, there).Differences;

        Assert.Equal(
            [
                new("CONTRACT010", "t.Request.c", "oneof c { a = 1, b = 2 }", "oneof c { a = 1 }, b = 2"),
                new("CONTRACT010", "t.Request.c", "oneof c { a = 1 }, d = 3", "oneof c { a = 1, d = 3 }"),
            ],
            differences);
    }

    [Fact]
    public void Field_ThatChangedItsNumberToo_IsToldByTheNumberAlone() =>
        Assert.Equal(
            "CONTRACT006 t.Request.b",
            TestContract.Rules(TestContract.Of("int32 a = 1 | c; int32 b = 2 | c"), TestContract.Of("int32 a = 1 | c; int32 b = 3")));
}
