using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Plugwire.Shapes;

/// <summary>What of a field matters on the wire, and its name, by which people know it.</summary>
/// <param name="Name">Its name in the .proto.</param>
/// <param name="Number">Its number.</param>
/// <param name="Type">Its type; <c>Group</c> also for a message between two marks, as editions know them.</param>
/// <param name="Cardinality">How often it may be there.</param>
internal sealed record FieldShape(string Name, int Number, FieldType Type, Cardinality Cardinality)
{
    /// <summary>The full name of the message or enum that it holds; null for other types.</summary>
    public string? TypeName { get; init; }

    /// <summary>The oneof to which it belongs; null for none.</summary>
    public string? Oneof { get; init; }

    public bool IsRepeated => Cardinality == Cardinality.Repeated;

    public bool IsRequired => Cardinality == Cardinality.Required;

    /// <summary>Whether it holds a message, in either of the two encodings.</summary>
    public bool IsMessage => Type is FieldType.Message or FieldType.Group;
}
