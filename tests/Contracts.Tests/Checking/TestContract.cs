using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Plugwire.Checking;
using Plugwire.Shapes;
using FieldLabel = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Plugwire.Contracts.Tests.Checking;

/// <summary>
/// The descriptors of a contract, put together in a line: a service <c>t.S</c> whose method <c>M</c> takes <c>t.Request</c>. Beside these stand messages and enums that the fields under
/// test use, the same ones in each contract.
/// </summary>
internal sealed partial class TestContract
{
    public const string Service = "t.S";

    private static readonly Dictionary<string, FieldType> Scalars = Enum.GetValues<FieldType>()
        .Where(type => type is not (FieldType.Message or FieldType.Group or FieldType.Enum)).ToDictionary(ProtoText.KeywordOf, StringComparer.Ordinal);

    public TestContract(string requestFields)
    {
        File = new FileDescriptorProto { Name = "t.proto", Package = "t", Syntax = "proto3" };
        Add("Request", requestFields);
        Add("Reply", "");
        Add("Note", "string text = 1; int64 number = 2");
        Add("Twin", "string words = 1; int32 amount = 2; bool more = 3");
        Add("Stranger", "int64 text = 1");
        Add("Pair", "string key = 1; int32 value = 2");
        AddEnum("Color", "RED = 0; GREEN = 1; BLUE = 2");
        AddEnum("Colour", "RED = 0; GREEN = 1; AZURE = 2; BLACK = 3");
        AddEnum("Mixed", "RED = 0; BLUE = 1; GREEN = 2");
        File.Service.Add(new ServiceDescriptorProto { Name = "S" });
        AddMethod("M", "Request", "Reply");
    }

    public FileDescriptorProto File { get; }

    public ContractShape Shape
    {
        get
        {
            var shape = new ContractShape();
            DescriptorReader.Read(FileDescriptorProto.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(File)), shape);
            return shape;
        }
    }

    public static TestContract Of(string requestFields) => new(requestFields);

    /// <summary>Compares, and compares the other way round, which must find the same rules in the same places, but for methods.</summary>
    public static string Rules(TestContract here, TestContract there)
    {
        var rules = Text(Compare(here, there));
        Assert.Equal(rules, Text(Compare(there, here)));
        return rules;
    }

    public static ContractComparison Compare(TestContract here, TestContract there, bool hereIsOlder = false) =>
        ContractComparer.Compare(Service, here.Shape, there.Shape, hereIsOlder, TestContext.Current.CancellationToken);

    /// <summary>The rules with their places, such as <c>CONTRACT007 t.Request.a</c>, or nothing.</summary>
    public static string Text(ContractComparison comparison) => string.Join(", ", comparison.Differences.Select(difference => $"{difference.Rule} {difference.Path}"));

    public TestContract AddMethod(string name, string request, string response, bool streamsRequests = false, bool streamsResponses = false)
    {
        File.Service[0].Method.Add(new MethodDescriptorProto
        {
            Name = name,
            InputType = FullName(request),
            OutputType = FullName(response),
            ClientStreaming = streamsRequests,
            ServerStreaming = streamsResponses,
        });
        return this;
    }

    /// <summary>Fields in one line, such as <c>repeated int32 a = 1; string b = 2 | choice</c>, where a word behind the bar is the oneof.</summary>
    public TestContract Add(string message, string fields)
    {
        var descriptor = new DescriptorProto { Name = message };
        foreach (var text in fields.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            AddField(descriptor, text);
        File.MessageType.Add(descriptor);
        return this;
    }

    public TestContract AddEnum(string name, string values)
    {
        var descriptor = new EnumDescriptorProto { Name = name };
        foreach (var value in values.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(value => value.Split(" = ")))
            descriptor.Value.Add(new EnumValueDescriptorProto { Name = value[0], Number = int.Parse(value[1], CultureInfo.InvariantCulture) });
        File.EnumType.Add(descriptor);
        return this;
    }

    public DescriptorProto Message(string name) => File.MessageType.Single(message => message.Name == name);

    public EnumDescriptorProto EnumNamed(string name) => File.EnumType.Single(descriptor => descriptor.Name == name);

    private static void AddField(DescriptorProto message, string text)
    {
        var match = Field().Match(text);
        Assert.True(match.Success, $"'{text}' is no field.");
        var field = new FieldDescriptorProto
        {
            Name = match.Groups["name"].Value,
            Number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture),
            Label = match.Groups["label"].Value switch { "repeated" => FieldLabel.Repeated, "required" => FieldLabel.Required, _ => FieldLabel.Optional },
        };
        if (match.Groups["key"].Success)
        {
            var entry = new DescriptorProto { Name = field.Name + "Entry", Options = new MessageOptions { MapEntry = true } };
            AddField(entry, $"{match.Groups["key"].Value} key = 1");
            AddField(entry, $"{match.Groups["value"].Value} value = 2");
            message.NestedType.Add(entry);
            (field.Label, field.Type, field.TypeName) = (FieldLabel.Repeated, FieldType.Message, $".t.{message.Name}.{entry.Name}");
        }
        else
        {
            SetType(field, match.Groups["type"].Value);
        }

        if (match.Groups["oneof"].Success)
            field.OneofIndex = OneofIndex(message, match.Groups["oneof"].Value);
        if (match.Groups["label"].Value == "optional")
        {
            field.Proto3Optional = true;
            field.OneofIndex = OneofIndex(message, "_" + field.Name);
        }

        if (match.Groups["label"].Value == "packed")
            (field.Label, field.Options) = (FieldLabel.Repeated, new FieldOptions { Packed = true });
        message.Field.Add(field);
    }

    private static void SetType(FieldDescriptorProto field, string type)
    {
        if (Scalars.TryGetValue(type, out var scalar))
        {
            field.Type = scalar;
            return;
        }

        field.Type = type switch { "Color" or "Colour" or "Mixed" => FieldType.Enum, _ when type.StartsWith("group:", StringComparison.Ordinal) => FieldType.Group, _ => FieldType.Message };
        field.TypeName = FullName(type.Replace("group:", "", StringComparison.Ordinal));
    }

    private static int OneofIndex(DescriptorProto message, string oneof)
    {
        for (var i = 0; i < message.OneofDecl.Count; i++)
        {
            if (message.OneofDecl[i].Name == oneof)
                return i;
        }

        message.OneofDecl.Add(new OneofDescriptorProto { Name = oneof });
        return message.OneofDecl.Count - 1;
    }

    private static string FullName(string type) => type.StartsWith('.') ? type : $".t.{type}";

    [GeneratedRegex(@"^(?:(?<label>repeated|required|optional|packed) )?(?:map<(?<key>\w+), (?<value>[\w.:]+)>|(?<type>[\w.:]+)) (?<name>\w+) = (?<number>\d+)(?: \| (?<oneof>\w+))?$")]
    private static partial Regex Field();
}
