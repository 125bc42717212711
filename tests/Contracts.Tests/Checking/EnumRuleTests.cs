using Google.Protobuf.Reflection;

namespace Plugwire.Contracts.Tests.Checking;

public sealed class EnumRuleTests
{
    [Fact]
    public void Value_WithAnotherNumber_BreaksWithBothNumbers()
    {
        var comparison = TestContract.Compare(TestContract.Of("Color a = 1"), TestContract.Of("Mixed a = 1"));

        Assert.Equal("CONTRACT011 t.Color.GREEN, CONTRACT011 t.Color.BLUE", TestContract.Text(comparison));
        Assert.Equal(("GREEN = 1", "GREEN = 2 in t.Mixed"), (comparison.Differences[0].Here, comparison.Differences[0].There));
    }

    [Fact]
    public void Value_WithAnotherNumber_BreaksTheOtherWayRoundToo() =>
        Assert.Equal("CONTRACT011 t.Mixed.BLUE, CONTRACT011 t.Mixed.GREEN", TestContract.Text(TestContract.Compare(TestContract.Of("Mixed a = 1"), TestContract.Of("Color a = 1"))));

    [Fact]
    public void Enum_InAMapsValueAndInAList_IsCompared()
    {
        Assert.StartsWith("CONTRACT011", Compare("map<string, Color> a = 1", "map<string, Mixed> a = 1"), StringComparison.Ordinal);
        Assert.StartsWith("CONTRACT011", Compare("repeated Color a = 1", "repeated Mixed a = 1"), StringComparison.Ordinal);

        static string Compare(string here, string there) => TestContract.Text(TestContract.Compare(TestContract.Of(here), TestContract.Of(there)));
    }

    [Fact]
    public void Values_AddedRenamedOrRemoved_BreakNothingAndAreCounted()
    {
        // Two has another name in the other enum, and three is only there.
        var comparison = TestContract.Compare(TestContract.Of("Color a = 1"), TestContract.Of("Colour a = 1"));
        var reverse = TestContract.Compare(TestContract.Of("Colour a = 1"), TestContract.Of("Color a = 1"));

        Assert.Empty(comparison.Differences);
        Assert.Equal((0, 1), (comparison.OnlyHere, comparison.OnlyThere));
        Assert.Empty(reverse.Differences);
        Assert.Equal((1, 0), (reverse.OnlyHere, reverse.OnlyThere));
    }

    [Fact]
    public void Values_OfSeveralNames_AreComparedByEachName()
    {
        var here = With("ON = 1; ACTIVE = 1; OFF = 0");

        Assert.Equal("", TestContract.Rules(here, With("OFF = 0; ACTIVE = 1")));
        Assert.Equal("CONTRACT011 t.Request.Kind.ACTIVE", TestContract.Rules(here, With("OFF = 0; ON = 1; ACTIVE = 2")));
    }

    [Theory]
    [InlineData("BLACK = 7", "CONTRACT012 t.Color.BLACK")]
    [InlineData("GONE = 5", "CONTRACT012 t.Color.GONE")]
    [InlineData("BLACK = 8", "")]
    public void Value_ThatTheOlderSideHasReserved_BreaksThatPromiseAlone(string added, string expected)
    {
        var here = TestContract.Of("Color a = 1");
        here.EnumNamed("Color").ReservedRange.Add(new EnumDescriptorProto.Types.EnumReservedRange { Start = 6, End = 7 });
        here.EnumNamed("Color").ReservedName.Add("GONE");
        var there = TestContract.Of("Color a = 1");
        var value = added.Split(" = ");
        there.EnumNamed("Color").Value.Add(new EnumValueDescriptorProto { Name = value[0], Number = int.Parse(value[1], null) });

        Assert.Equal(expected, TestContract.Text(TestContract.Compare(here, there, hereIsOlder: true)));
        Assert.Empty(TestContract.Compare(here, there).Differences);
    }

    [Fact]
    public void Enum_UsedByManyFields_IsToldOnce() =>
        Assert.Equal(
            "CONTRACT011 t.Color.GREEN, CONTRACT011 t.Color.BLUE",
            TestContract.Text(TestContract.Compare(TestContract.Of("Color a = 1; Color b = 2"), TestContract.Of("Mixed a = 1; Mixed b = 2"))));

    private static TestContract With(string values)
    {
        var contract = TestContract.Of("").AddEnum("Kind", values);
        var kind = contract.EnumNamed("Kind");
        contract.File.EnumType.Remove(kind);
        contract.Message("Request").EnumType.Add(kind);
        contract.Message("Request").Field.Add(new FieldDescriptorProto { Name = "kind", Number = 1, Type = FieldDescriptorProto.Types.Type.Enum, TypeName = ".t.Request.Kind" });
        return contract;
    }
}
