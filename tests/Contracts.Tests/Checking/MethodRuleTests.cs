namespace Plugwire.Contracts.Tests.Checking;

/// <summary>Every rule about services and methods, and what breaks none.</summary>
public sealed class MethodRuleTests
{
    [Fact]
    public void Service_ThatIsNotServed_Breaks()
    {
        var there = TestContract.Of("");
        there.File.Service[0].Name = "Other";

        Assert.Equal("CONTRACT001 t.S", TestContract.Text(TestContract.Compare(TestContract.Of(""), there)));
    }

    [Fact]
    public void Method_ThatIsNotServed_BreaksForWhoAsks()
    {
        var more = TestContract.Of("").AddMethod("N", "Note", "Note", streamsResponses: true);
        var less = TestContract.Of("");

        var difference = Assert.Single(TestContract.Compare(more, less).Differences);

        Assert.Equal(new ContractDifference("CONTRACT002", "t.S.N", "rpc N (server stream)", "no such method"), difference);
    }

    [Fact]
    public void Method_ThatNobodyAsksFor_BreaksNothingAndIsCounted()
    {
        var comparison = TestContract.Compare(TestContract.Of(""), TestContract.Of("").AddMethod("N", "Note", "Note"));

        Assert.Empty(comparison.Differences);
        Assert.Equal((0, 1), (comparison.OnlyHere, comparison.OnlyThere));
    }

    public static TheoryData<bool, bool, bool, bool> Kinds()
    {
        var kinds = new TheoryData<bool, bool, bool, bool>();
        for (var bits = 0; bits < 16; bits++)
            kinds.Add((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Method_OfEachKindAgainstEachOther_BreaksUnlessTheyAreTheSame(bool hereRequests, bool hereResponses, bool thereRequests, bool thereResponses)
    {
        var here = TestContract.Of("").AddMethod("N", "Note", "Note", hereRequests, hereResponses);
        var there = TestContract.Of("").AddMethod("N", "Note", "Note", thereRequests, thereResponses);

        var same = (hereRequests, hereResponses) == (thereRequests, thereResponses);

        Assert.Equal(same ? "" : "CONTRACT003 t.S.N", TestContract.Rules(here, there));
    }

    [Fact]
    public void Messages_OfOtherNamesButTheSameFields_BreakNothing()
    {
        var here = TestContract.Of("").AddMethod("N", "Note", "Note");
        var there = TestContract.Of("").AddMethod("N", "Twin", "Twin");

        Assert.Equal("", TestContract.Rules(here, there));
    }

    [Fact]
    public void Messages_OfOtherNamesAndOtherFields_BreakAsMessagesFirst()
    {
        var here = TestContract.Of("").AddMethod("N", "Note", "Twin");
        var there = TestContract.Of("").AddMethod("N", "Stranger", "Stranger");

        var comparison = TestContract.Compare(here, there);

        Assert.Equal("CONTRACT004 t.S.N, CONTRACT005 t.S.N, CONTRACT007 t.Note.text, CONTRACT007 t.Twin.words", TestContract.Text(comparison));
        Assert.Equal(("takes t.Note", "takes t.Stranger"), (comparison.Differences[0].Here, comparison.Differences[0].There));
        Assert.Equal(("answers t.Twin", "answers t.Stranger"), (comparison.Differences[1].Here, comparison.Differences[1].There));
    }

    [Fact]
    public void Message_OfTheSameNameAndOtherFields_IsToldByItsFieldsAlone()
    {
        var here = TestContract.Of("int32 a = 1");
        var there = TestContract.Of("string a = 1");

        Assert.Equal("CONTRACT007 t.Request.a", TestContract.Rules(here, there));
    }

    [Fact]
    public void Message_SharedByMethods_IsToldOnce()
    {
        var here = TestContract.Of("int32 a = 1").AddMethod("N", "Request", "Request").AddMethod("O", "Request", "Reply", streamsRequests: true);
        var there = TestContract.Of("string a = 1").AddMethod("N", "Request", "Request").AddMethod("O", "Request", "Reply", streamsRequests: true);

        Assert.Equal("CONTRACT007 t.Request.a", TestContract.Rules(here, there));
    }
}
