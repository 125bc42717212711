using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Plugwire.Shapes;

/// <summary>
/// The messages that come with Protocol Buffers. They never change, so nobody needs to send, store or compare them. Their names stand here, because reading all their descriptors takes
/// longer than most comparisons.
/// </summary>
internal static class WellKnownShapes
{
    private const string Package = "google.protobuf.";
    private const string Directory = "google/protobuf/";

    private static readonly HashSet<string> FileNames = new(
        [
            "any.proto", "api.proto", "duration.proto", "empty.proto", "field_mask.proto", "source_context.proto", "struct.proto", "timestamp.proto", "type.proto", "wrappers.proto",
        ],
        StringComparer.Ordinal);

    private static readonly HashSet<string> TypeNames = new(
        [
            "Any", "Api", "Method", "Mixin", "Duration", "Empty", "FieldMask", "SourceContext", "Struct", "Value", "ListValue", "NullValue", "Timestamp",
            "Type", "Field", "Enum", "EnumValue", "Option", "Syntax", "Field.Kind", "Field.Cardinality",
            "DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value", "BoolValue", "StringValue", "BytesValue",
        ],
        StringComparer.Ordinal);

    private static readonly Lazy<ContractShape> Known = new(Read);

    /// <summary>For who compares one of them with another message.</summary>
    public static ContractShape All => Known.Value;

    public static bool Has(string fullName) => fullName.StartsWith(Package, StringComparison.Ordinal) && TypeNames.Contains(fullName[Package.Length..]);

    /// <summary>Whether it is worth looking into <see cref="All"/>, which also has the entries of their maps.</summary>
    public static bool MayHave(string fullName) => fullName.StartsWith(Package, StringComparison.Ordinal);

    public static bool HasFile(string name) => name.StartsWith(Directory, StringComparison.Ordinal) && FileNames.Contains(name[Directory.Length..]);

    private static ContractShape Read()
    {
        FileDescriptor[] files =
        [
            AnyReflection.Descriptor, ApiReflection.Descriptor, DurationReflection.Descriptor, EmptyReflection.Descriptor, FieldMaskReflection.Descriptor,
            SourceContextReflection.Descriptor, StructReflection.Descriptor, TimestampReflection.Descriptor, TypeReflection.Descriptor, WrappersReflection.Descriptor,
        ];
        var shape = new ContractShape();
        foreach (var file in files)
            DescriptorReader.Read(file.ToProto(), shape);
        return shape;
    }
}
