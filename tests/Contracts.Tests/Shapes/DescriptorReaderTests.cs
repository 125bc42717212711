using Google.Protobuf;
using Google.Protobuf.Reflection;
using Plugwire.Contracts.Tests.Checking;
using Plugwire.Shapes;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Plugwire.Contracts.Tests.Shapes;

public sealed class DescriptorReaderTests
{
    public static TheoryData<string, Action<TestContractFile>> Mistakes() => new()
    {
        { "stands where a name is due", contract => contract.File.Package = "a..b" },
        { "stands where a name is due", contract => contract.File.Package = "\u001b[31m" },
        { "stands where a name is due", contract => contract.File.Service[0].Name = "" },
        { "stands where a name is due", contract => contract.File.Service[0].Method[0].Name = "x\ny" },
        { "stands where a name is due", contract => contract.File.Service[0].Method[0].InputType = "." },
        { "stands where a name is due", contract => contract.Request.Name = "1a" },
        { "stands where a name is due", contract => contract.Request.Field[0].Name = "a b" },
        { "stands where a name is due", contract => contract.Request.Field[0].Name = new string('a', 1_001) },
        { "a name has 1003 characters", contract => contract.File.Package = "a." + new string('a', 1_001) },
        { "stands where a name is due", contract => contract.File.EnumType[0].Value[0].Name = "\u202e" },
        { "has the number 0", contract => contract.Request.Field[0].Number = 0 },
        { "has the number -1", contract => contract.Request.Field[0].Number = -1 },
        { "has the number 536870912", contract => contract.Request.Field[0].Number = 536_870_912 },
        { "of no type that is known", contract => contract.Request.Field[0].Type = (FieldType)77 },
        { "of no type that is known", contract => contract.Request.Field[0].ClearType() },
        { "stands where a name is due", contract => contract.Request.Field[0].Type = FieldType.Message },
        { "belongs to a oneof that is not there", contract => contract.Request.Field[0].OneofIndex = 0 },
        { "belongs to a oneof that is not there", contract => contract.Request.Field[0].OneofIndex = -1 },
        { "two fields of the name 'a' or of the number 1", contract => contract.Request.Field.Add(contract.Request.Field[0].Clone()) },
        { "two values of the name 'RED'", contract => contract.File.EnumType[0].Value.Add(new EnumValueDescriptorProto { Name = "RED", Number = 9 }) },
        { "two methods of the name 'M'", contract => contract.File.Service[0].Method.Add(contract.File.Service[0].Method[0].Clone()) },
        { "has not one key and one value", contract => contract.Request.Options = new MessageOptions { MapEntry = true } },
        { "has not one key and one value", MakeMapOfItself },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Descriptor_ThatMeansNothing_IsRefusedWithASentence(string expected, Action<TestContractFile> spoil)
    {
        var contract = new TestContractFile();
        spoil(contract);

        var failure = Assert.Throws<BadContractException>(() => DescriptorReader.Read(contract.File, new ContractShape()));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Descriptor_NestedBeyondTheParsersLimit_IsRefusedByTheParser()
    {
        var message = new DescriptorProto { Name = "Deep" };
        for (var i = 0; i < 200; i++)
            message = new DescriptorProto { Name = "Deep", NestedType = { message } };
        var bytes = new FileDescriptorProto { Name = "deep.proto", MessageType = { message } }.ToByteArray();

        Assert.Throws<InvalidProtocolBufferException>(() => FileDescriptorProto.Parser.ParseFrom(bytes));
    }

    [Fact]
    public void Names_ThatAreReservedAndNoNames_AreLeftOut()
    {
        var contract = new TestContractFile();
        contract.Request.ReservedName.Add("no name");
        contract.Request.ReservedName.Add("old");
        var shape = new ContractShape();

        DescriptorReader.Read(contract.File, shape);

        Assert.Equal(["old"], shape.MessageNamed("t.Request").Reserved.Names);
    }

    [Fact]
    public void Types_OfTheSameName_CountOnce()
    {
        var shape = TestContract.Of("int32 a = 1").Shape;

        DescriptorReader.Read(TestContract.Of("string a = 1").File, shape);

        Assert.Equal(FieldType.Int32, shape.MessageNamed("t.Request").Fields[0].Type);
    }

    private static void MakeMapOfItself(TestContractFile contract)
    {
        var entry = new DescriptorProto { Name = "Entry", Options = new MessageOptions { MapEntry = true } };
        entry.Field.Add(new FieldDescriptorProto { Name = "key", Number = 1, Type = FieldType.String });
        entry.Field.Add(new FieldDescriptorProto
        {
            Name = "value",
            Number = 2,
            Type = FieldType.Message,
            TypeName = ".t.Request.Entry",
            Label = FieldDescriptorProto.Types.Label.Repeated,
        });
        contract.Request.NestedType.Add(entry);
    }

    public sealed class TestContractFile
    {
        public FileDescriptorProto File { get; } = TestContract.Of("int32 a = 1").File;

        public DescriptorProto Request => File.MessageType[0];
    }
}
