using System.Globalization;
using Plugwire.Shapes;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Plugwire.Checking;

/// <summary>Shapes as a .proto writes them.</summary>
internal static class ProtoText
{
    /// <summary>For example <c>repeated int64 lines = 3</c>.</summary>
    public static string Of(FieldShape field, ContractShape contract)
    {
        var cardinality = field switch
        {
            _ when IsMap(field, contract) => "",
            { IsRepeated: true } => "repeated ",
            { IsRequired: true } => "required ",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{cardinality}{TypeOf(field, contract)} {field.Name} = {field.Number}");
    }

    /// <summary>For example <c>map&lt;string, examples.v1.Rule&gt;</c>.</summary>
    public static string TypeOf(FieldShape field, ContractShape contract)
    {
        if (!IsMap(field, contract))
            return (field.Type == FieldType.Group ? "group " : "") + (field.TypeName is { } name ? Qualified(name) : KeywordOf(field.Type));

        var entry = contract.MessageNamed(field.TypeName!);
        return $"map<{TypeOf(entry.FieldAt(1)!, contract)}, {TypeOf(entry.FieldAt(2)!, contract)}>";
    }

    public static bool IsMap(FieldShape field, ContractShape contract) =>
        field is { IsRepeated: true, Type: FieldType.Message } && contract.MessageNamed(field.TypeName!).IsMapEntry;

    /// <summary>A name outside any package begins with a dot, so that it is never taken for a word of the language.</summary>
    public static string Qualified(string fullName) => fullName.Contains('.', StringComparison.Ordinal) ? fullName : "." + fullName;

    public static string KeywordOf(FieldType type) => type.ToString().ToLowerInvariant();
}
