using System.Globalization;
using System.Text;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Plugwire.Checking;
using Plugwire.Contracts.Tests.Shapes;
using Plugwire.Shapes;

namespace Plugwire.Contracts.Tests.Checking;

public sealed class ContractComparerTests
{
    [Fact]
    public void Messages_ThatHoldEachOther_AreComparedOnce()
    {
        var here = TestContract.Of("Tree a = 1").Add("Tree", "Branch left = 1; Tree self = 2").Add("Branch", "repeated Tree trees = 1; int32 length = 2");
        var there = TestContract.Of("Tree a = 1").Add("Tree", "Branch left = 1; Tree self = 2").Add("Branch", "repeated Tree trees = 1; string length = 2");

        Assert.Equal("", TestContract.Rules(here, here));
        Assert.Equal("CONTRACT007 t.Branch.length", TestContract.Rules(here, there));
    }

    [Fact]
    public void Messages_ThatPairInManyWays_AreComparedInEach()
    {
        var here = TestContract.Of("A x = 1").Add("A", "A next = 1; int32 value = 2");
        var there = TestContract.Of("A x = 1").Add("A", "B next = 1; int32 value = 2").Add("B", "C next = 1; int32 value = 2").Add("C", "A next = 1; string value = 2");

        var difference = Assert.Single(TestContract.Compare(here, there).Differences);

        Assert.Equal(("t.A.value", "string value = 2 in t.C"), (difference.Path, difference.There));
    }

    [Fact]
    public void WellKnownMessages_NeedNoDescription()
    {
        var here = TestContract.Of(".google.protobuf.Timestamp a = 1; .google.protobuf.Struct b = 2");

        Assert.Equal("", TestContract.Rules(here, TestContract.Of(".google.protobuf.Timestamp a = 1; .google.protobuf.Struct b = 2")));
        Assert.Equal("CONTRACT007 google.protobuf.Timestamp.seconds", TestContract.Text(TestContract.Compare(here, TestContract.Of("Pair a = 1"))));
    }

    [Fact]
    public void WellKnownMessage_AndOneThatIsBuiltLikeIt_BreakNothing()
    {
        var here = TestContract.Of(".google.protobuf.StringValue a = 1").AddMethod("N", ".google.protobuf.Empty", ".google.protobuf.Duration");
        var there = TestContract.Of("Text a = 1").AddMethod("N", "Reply", "Span").Add("Text", "string value = 1").Add("Span", "int64 seconds = 1; int32 nanos = 2");

        Assert.Equal("", TestContract.Rules(here, there));
    }

    [Fact]
    public void Message_ThatIsNotDescribed_IsNamed()
    {
        var there = TestContract.Of("Note a = 1");
        there.File.MessageType.Remove(there.Message("Note"));

        var failure = Assert.Throws<BadContractException>(() => TestContract.Compare(TestContract.Of("Note a = 1"), there));

        Assert.Equal("the message t.Note is used, but not described.", failure.Message);
    }

    [Fact]
    public void Message_ThatNobodyReaches_MayBeUndescribed()
    {
        var there = TestContract.Of("Note a = 1").Add("Unused", "Missing a = 1");

        Assert.Empty(TestContract.Compare(TestContract.Of("Note a = 1"), there).Differences);
    }

    [Fact]
    public void Descriptors_WithoutEndOfPairs_AreGivenUp()
    {
        // Each of the one side's messages comes to stand against each of the other's.
        var here = Ring(251);
        var there = Ring(509);

        var failure = Assert.Throws<BadContractException>(() => TestContract.Compare(here, there));

        Assert.Contains("65536 pairs", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            ContractComparer.Compare(TestContract.Service, TestContract.Of("").Shape, TestContract.Of("").Shape, cancellationToken: cancelled.Token));
    }

    [Fact]
    public void Differences_BeyondTheLimit_AreNotKept()
    {
        var (here, there) = (new StringBuilder(), new StringBuilder());
        for (var i = 1; i <= 1_200; i++)
        {
            here.Append(CultureInfo.InvariantCulture, $"int32 f{i} = {i};");
            there.Append(CultureInfo.InvariantCulture, $"string f{i} = {i};");
        }

        Assert.Equal(1_000, TestContract.Compare(TestContract.Of(here.ToString()), TestContract.Of(there.ToString())).Differences.Count);
    }

    [Fact]
    public void Comparisons_OfTwoContracts_ShareTheirDifferences()
    {
        var (here, there) = (TestContract.Of("int32 a = 1; int32 b = 2"), TestContract.Of("string a = 1"));
        var whole = new ContractComparison();

        whole.Add(TestContract.Compare(here, there));
        whole.Add(TestContract.Compare(here, there));

        Assert.Equal("CONTRACT007 t.Request.a", TestContract.Text(whole));
        Assert.Equal((2, 0), (whole.OnlyHere, whole.OnlyThere));
    }

    [Fact]
    public void Contract_AsProtocReadIt_IsTheSameAsItself()
    {
        foreach (var file in (FileDescriptor[])[ZooReflection.Descriptor, Zoo2Reflection.Descriptor, Zoo2023Reflection.Descriptor])
        {
            var shape = DescriptorReader.Read(file);

            Assert.All(file.Services, service => Assert.Empty(Compare(service.FullName, shape, shape)));
            Assert.NotEmpty(file.Services);
        }
    }

    [Fact]
    public void ReflectionProto_OfOurs_IsThatOfOtherServers()
    {
        var ours = DescriptorReader.Read(Wire.Services.Reflection.ReflectionReflection.Descriptor);
        var theirs = DescriptorReader.Read(Grpc.Reflection.V1.ReflectionReflection.Descriptor);

        Assert.Empty(Compare("grpc.reflection.v1.ServerReflection", ours, theirs));
        Assert.Empty(Compare("grpc.reflection.v1.ServerReflection", theirs, ours));
    }

    [Fact]
    public void WellKnownNames_AreThoseOfTheLibrary()
    {
        var names = WellKnownShapes.All.Messages.Where(message => !message.IsMapEntry).Select(message => message.FullName)
            .Concat(WellKnownShapes.All.Enums.Select(known => known.FullName)).ToArray();

        Assert.Equal(30, names.Length);
        Assert.All(names, name => Assert.True(WellKnownShapes.Has(name), name));
        Assert.All(
            (FileDescriptor[])
            [
                AnyReflection.Descriptor, ApiReflection.Descriptor, DurationReflection.Descriptor, EmptyReflection.Descriptor, FieldMaskReflection.Descriptor,
                SourceContextReflection.Descriptor, StructReflection.Descriptor, TimestampReflection.Descriptor, TypeReflection.Descriptor, WrappersReflection.Descriptor,
            ],
            file => Assert.True(WellKnownShapes.HasFile(file.Name), file.Name));
        Assert.False(WellKnownShapes.Has("google.protobuf.OfMine"));
        Assert.False(WellKnownShapes.HasFile("google/protobuf/of_mine.proto"));
    }

    private static IReadOnlyList<ContractDifference> Compare(string service, ContractShape here, ContractShape there) =>
        ContractComparer.Compare(service, here, there, cancellationToken: TestContext.Current.CancellationToken).Differences;

    private static TestContract Ring(int length)
    {
        var contract = TestContract.Of("N0 a = 1");
        for (var i = 0; i < length; i++)
            contract.Add(string.Create(CultureInfo.InvariantCulture, $"N{i}"), string.Create(CultureInfo.InvariantCulture, $"N{(i + 1) % length} next = 1"));
        return contract;
    }
}
