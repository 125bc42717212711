using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Plugwire.Checking;

/// <summary>
/// Which types share their encoding: whatever value both of two types can hold is the same bytes in either. What only one can hold (5 billion in an int32, bytes that are no text
/// in a string) is cut or refused by the other; that is for the application to know, as Protocol Buffers itself calls such changes compatible.
/// </summary>
internal static class WireMeaning
{
    public static bool IsShared(FieldType one, FieldType other) => Of(one) == Of(other);

    // A message is not among the bytes: what a bytes field holds is a message by its author's word only.
    private static FieldType Of(FieldType type) => type switch
    {
        FieldType.Int32 or FieldType.Uint32 or FieldType.Uint64 or FieldType.Bool or FieldType.Enum => FieldType.Int64,
        FieldType.Sint32 => FieldType.Sint64,
        FieldType.Sfixed32 => FieldType.Fixed32,
        FieldType.Sfixed64 => FieldType.Fixed64,
        FieldType.String => FieldType.Bytes,
        _ => type,
    };
}
