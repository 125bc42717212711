using Google.Protobuf.Reflection;
using Plugwire.Contracts.Tests.Checking;
using Plugwire.Contracts.Tests.Shapes;
using Plugwire.Shapes;
using Plugwire.Snapshots;

namespace Plugwire.Contracts.Tests.Snapshots;

/// <summary>The text of a snapshot: what stands in it, and that it is read as it was written.</summary>
public sealed class SnapshotTextTests
{
    public static TheoryData<string, string> Zoos() => new()
    {
        {
            "plugwire.tests.zoo.v1.Zoo",
            """
            // The contract plugwire.tests.zoo.v1.Zoo, as hosts and plugins were built with it. ContractSnapshot wrote this file and compares with it.

            service plugwire.tests.zoo.v1.Zoo {
              rpc Feed(stream plugwire.tests.zoo.v1.Meal) returns (plugwire.tests.zoo.v1.Animal);
              rpc Talk(stream plugwire.tests.zoo.v1.Animal) returns (stream plugwire.tests.neighbour.Guest);
              rpc Visit(plugwire.tests.zoo.v1.Animal) returns (google.protobuf.Empty);
              rpc Watch(google.protobuf.Empty) returns (stream plugwire.tests.zoo.v1.Animal);
            }

            message .Lone {
              bool reserved = 1;
            }

            message plugwire.tests.neighbour.Guest {
              .Lone lone = 1;
            }

            message plugwire.tests.zoo.v1.Animal {
              string name = 1;
              int32 age = 2;
              repeated sint64 weights = 3;
              repeated uint32 marks = 4;
              map<string, plugwire.tests.zoo.v1.Animal.Cage> cages = 5;
              map<int32, plugwire.tests.zoo.v1.Animal.Cage.Size> sizes = 6;
              oneof food {
                bytes water = 7;
                plugwire.tests.zoo.v1.Meal meal = 9;
                plugwire.tests.neighbour.Guest guest = 11;
              }
              google.protobuf.Timestamp born = 8;
              oneof second {
                double oneof = 10;
                bool message = 13;
              }
              google.protobuf.NullValue nothing = 12;
              reserved 14;
              reserved 20 to 29;
              reserved 40 to 536870911;
              reserved "old";
              reserved "older";
            }

            message plugwire.tests.zoo.v1.Animal.Cage {
              plugwire.tests.zoo.v1.Animal.Cage.Size size = 1;
              repeated plugwire.tests.zoo.v1.Animal animals = 2;
            }

            message plugwire.tests.zoo.v1.Meal {
              fixed32 a = 1;
              fixed64 b = 2;
              sfixed32 c = 3;
              sfixed64 d = 4;
              float e = 5;
              double f = 6;
              uint64 g = 7;
              int64 h = 8;
            }

            enum plugwire.tests.zoo.v1.Animal.Cage.Size {
              LARGE = -2;
              SIZE_UNSPECIFIED = 0;
              SMALL = 1;
              TINY = 1;
              reserved 4;
              reserved 6 to 8;
              reserved 100 to 2147483647;
              reserved "HUGE";
            }

            """
        },
        {
            "plugwire.tests.zoo.v2.OldZoo",
            """
            // The contract plugwire.tests.zoo.v2.OldZoo, as hosts and plugins were built with it. ContractSnapshot wrote this file and compares with it.

            service plugwire.tests.zoo.v2.OldZoo {
              rpc Visit(plugwire.tests.zoo.v2.OldAnimal) returns (plugwire.tests.zoo.v2.OldAnimal);
            }

            message plugwire.tests.zoo.v2.OldAnimal {
              required string name = 1;
              int32 age = 2;
              repeated group plugwire.tests.zoo.v2.OldAnimal.Tail tail = 3;
            }

            message plugwire.tests.zoo.v2.OldAnimal.Tail {
              float length = 1;
            }

            """
        },
        {
            "plugwire.tests.zoo.v2023.NewZoo",
            """
            // The contract plugwire.tests.zoo.v2023.NewZoo, as hosts and plugins were built with it. ContractSnapshot wrote this file and compares with it.

            service plugwire.tests.zoo.v2023.NewZoo {
              rpc Visit(plugwire.tests.zoo.v2023.NewAnimal) returns (plugwire.tests.zoo.v2023.NewAnimal);
            }

            message plugwire.tests.zoo.v2023.NewAnimal {
              required string name = 1;
              group plugwire.tests.zoo.v2023.NewAnimal parent = 2;
              plugwire.tests.zoo.v2023.NewAnimal friend = 3;
              map<string, plugwire.tests.zoo.v2023.NewAnimal> children = 4;
              repeated int32 marks = 5;
            }

            """
        },
    };

    [Theory]
    [MemberData(nameof(Zoos))]
    public void Write_WhatProtocReads_IsAllThatMattersOnTheWire(string service, string expected)
    {
        Assert.Equal(expected.ReplaceLineEndings("\n"), SnapshotWriter.Write(service, Zoo(service)), ignoreLineEndingDifferences: false);
    }

    [Theory]
    [MemberData(nameof(Zoos))]
    public void Read_WhatWasWritten_IsTheSameContract(string service, string text)
    {
        var read = SnapshotReader.Read(text);

        Assert.Equal(text.ReplaceLineEndings("\n"), SnapshotWriter.Write(service, read));
        Assert.Empty(Plugwire.Checking.ContractComparer.Compare(service, read, Zoo(service), hereIsOlder: true, TestContext.Current.CancellationToken).Differences);
        Assert.Empty(Plugwire.Checking.ContractComparer.Compare(service, Zoo(service), read, hereIsOlder: true, TestContext.Current.CancellationToken).Differences);
    }

    [Fact]
    public void Write_InAnyOrderOfTheProto_IsTheSameText()
    {
        var one = TestContract.Of("int32 a = 1; int32 b = 2 | c; int32 d = 3 | c").AddMethod("A", "Note", "Twin");
        var other = TestContract.Of("int32 d = 3 | c; int32 b = 2 | c; int32 a = 1").AddMethod("A", "Note", "Twin");
        (other.File.Service[0].Method[0], other.File.Service[0].Method[1]) = (other.File.Service[0].Method[1], other.File.Service[0].Method[0]);
        var messages = other.File.MessageType.Reverse().ToArray();
        other.File.MessageType.Clear();
        other.File.MessageType.Add(messages);

        Assert.Equal(SnapshotWriter.Write("t.S", one.Shape), SnapshotWriter.Write("t.S", other.Shape));
    }

    [Fact]
    public void Read_NamesThatAreWordsOfTheLanguage_IsTheSame()
    {
        var contract = TestContract.Of("Kind message = 1; repeated oneof map = 2; reserved repeated = 3").Add("oneof", "int32 oneof = 1; int32 group = 2; int32 required = 3").Add("reserved", "");
        contract.AddEnum("Kind", "reserved = 0; to = 1; rpc = 2").Message("Request").Field[0].Type = FieldDescriptorProto.Types.Type.Enum;
        var text = SnapshotWriter.Write("t.S", contract.Shape);

        Assert.Equal(text, SnapshotWriter.Write("t.S", SnapshotReader.Read(text)));
        Assert.Contains("  reserved = 0;\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithCommentsAndOtherBlanks_IsTheSame()
    {
        var text = SnapshotWriter.Write("t.S", TestContract.Of("map<string, Note> a = 1").Shape);
        var other = "\uFEFF// mine\r\n" + text.Replace("\n", " // why\r\n\t", StringComparison.Ordinal).Replace("<", " < ", StringComparison.Ordinal);

        Assert.Equal(text, SnapshotWriter.Write("t.S", SnapshotReader.Read(other)));
    }

    [Theory]
    [InlineData("message a.B {\n  int32 a = 1\n}", "line 3: expected ';', found '}'.")]
    [InlineData("message a.B {\n  int32 a = x;\n}", "line 2: expected a number, found 'x'.")]
    [InlineData("message a.B {\n  int33 a = 1;\n}", "line 2: expected a type, or a message's full name, found 'int33'.")]
    [InlineData("<<<<<<< ours\nmessage a.B {\n}", "line 1: expected 'service', 'message' or 'enum', found '<'.")]
    [InlineData("message a.B {", "line 1: expected a type, or a message's full name, found the end.")]
    [InlineData("enum a.B {\n  1 = 2;\n}", "line 2: expected a name, found '1'.")]
    [InlineData("enum a.B {\n  reserved \"x;\n}", "line 2: expected a name in quotes, found '\"'.")]
    [InlineData("service a.S {\n  rpc M(a.B) return (a.B);\n}", "line 2: expected 'returns', found 'return'.")]
    [InlineData("message a.B {\n  int32 a = 1;\n  int32 b = 1;\n}", "the message a.B has two fields of the name 'b' or of the number 1.")]
    [InlineData("message a.B {\n  group int32 a = 1;\n}", "line 2: expected a type, or a message's full name, found 'int32'.")]
    public void Read_WhatIsNoSnapshot_SaysWhereAndWhy(string text, string expected)
    {
        Assert.Equal(expected, Assert.Throws<FormatException>(() => SnapshotReader.Read(text)).Message);
    }

    private static ContractShape Zoo(string service) => DescriptorReader.Read(service switch
    {
        "plugwire.tests.zoo.v1.Zoo" => ZooReflection.Descriptor,
        "plugwire.tests.zoo.v2.OldZoo" => Zoo2Reflection.Descriptor,
        _ => Zoo2023Reflection.Descriptor,
    });
}
