using Plugwire.Shapes;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Plugwire.Checking;

/// <summary>Compares two messages field by field. The messages in them are paired, and compared by whoever asked.</summary>
internal sealed class MessageComparer(ContractShape hereContract, ContractShape thereContract, bool hereIsOlder, ContractComparison result, Action<string, string> pair)
{
    private readonly EnumComparer _enums = new(hereContract, thereContract, hereIsOlder, result);

    public void Compare(MessageShape here, MessageShape there)
    {
        var counterparts = new List<(FieldShape Here, FieldShape There)>();
        foreach (var field in here.Fields)
        {
            if (there.FieldNamed(field.Name) is { } moved && moved.Number != field.Number)
                Add(ContractRules.FieldNumber, here, field, there, moved);
            else if (there.FieldAt(field.Number) is not { } other)
                AddAlone(here, field, there);
            else if (other.Name == field.Name || here.FieldNamed(other.Name) is null)
                counterparts.Add((field, other));
        }

        foreach (var (field, other) in counterparts)
            Compare(here, field, there, other);
        foreach (var field in there.Fields)
        {
            if (here.FieldAt(field.Number) is null && here.FieldNamed(field.Name) is null)
                AddOther(here, there, field);
        }

        OneofComparer.Compare(here, counterparts, result);
    }

    private void Compare(MessageShape here, FieldShape field, MessageShape there, FieldShape other)
    {
        if (!IsSharedByFields(field, other))
        {
            Add(ContractRules.FieldType, here, field, there, other);
            return;
        }

        if (field.IsRepeated != other.IsRepeated)
            Add(ContractRules.FieldCardinality, here, field, there, other);
        else if (field.IsRequired != other.IsRequired)
            Add(ContractRules.FieldRequired, here, field, there, other);

        if (ProtoText.IsMap(field, hereContract) && ProtoText.IsMap(other, thereContract))
            CompareContent(ValueOf(field, hereContract), ValueOf(other, thereContract));
        else
            CompareContent(field, other);
    }

    // Of two maps, key and value are compared here, where the reader finds them; a map and a list of messages are the same on the wire if these are built like the map's entries.
    private bool IsSharedByFields(FieldShape field, FieldShape other) =>
        WireMeaning.IsShared(field.Type, other.Type)
        && (!ProtoText.IsMap(field, hereContract)
            || !ProtoText.IsMap(other, thereContract)
            || (WireMeaning.IsShared(KeyOf(field, hereContract).Type, KeyOf(other, thereContract).Type)
                && WireMeaning.IsShared(ValueOf(field, hereContract).Type, ValueOf(other, thereContract).Type)));

    private void CompareContent(FieldShape field, FieldShape other)
    {
        if (field.IsMessage)
            pair(field.TypeName!, other.TypeName!);
        else if (field.Type == FieldType.Enum && other.Type == FieldType.Enum)
            _enums.Compare(field.TypeName!, other.TypeName!);
    }

    private void AddAlone(MessageShape here, FieldShape field, MessageShape there)
    {
        result.OnlyHere++;
        if (field.IsRequired)
            result.Add(ContractRules.FieldRequired, $"{here.FullName}.{field.Name}", ProtoText.Of(field, hereContract), "no such field" + In(here, there));
    }

    private void AddOther(MessageShape here, MessageShape there, FieldShape field)
    {
        result.OnlyThere++;
        var text = ProtoText.Of(field, thereContract) + In(here, there);
        if (field.IsRequired)
            result.Add(ContractRules.FieldRequired, $"{here.FullName}.{field.Name}", "no such field", text);
        if (hereIsOlder && here.Reserved.Contains(field.Name, field.Number))
            result.Add(ContractRules.ReservedUse, $"{here.FullName}.{field.Name}", "reserved", text);
    }

    private void Add(string rule, MessageShape here, FieldShape field, MessageShape there, FieldShape other) => result.Add(
        rule, $"{here.FullName}.{field.Name}", ProtoText.Of(field, hereContract), ProtoText.Of(other, thereContract) + In(here, there));

    private static string In(MessageShape here, MessageShape there) => here.FullName == there.FullName ? "" : $" in {there.FullName}";

    private static FieldShape KeyOf(FieldShape map, ContractShape contract) => contract.MessageNamed(map.TypeName!).FieldAt(1)!;

    private static FieldShape ValueOf(FieldShape map, ContractShape contract) => contract.MessageNamed(map.TypeName!).FieldAt(2)!;
}
