using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Plugwire.Shapes;

/// <summary>The messages that come with Protocol Buffers. They never change, so nobody needs to send or store them.</summary>
internal static class WellKnownShapes
{
    private static readonly FileDescriptor[] Files =
    [
        AnyReflection.Descriptor, ApiReflection.Descriptor, DurationReflection.Descriptor, EmptyReflection.Descriptor, FieldMaskReflection.Descriptor,
        SourceContextReflection.Descriptor, StructReflection.Descriptor, TimestampReflection.Descriptor, TypeReflection.Descriptor, WrappersReflection.Descriptor,
    ];

    // Filled by the reader alone, which looks nothing up here.
    private static readonly Lazy<(ContractShape Shape, HashSet<string> Names)> Known = new(Read);

    public static ContractShape All => Known.Value.Shape;

    public static bool Has(string fullName) => Known.Value.Names.Contains(fullName);

    public static bool HasFile(string name) => Files.Any(file => file.Name == name);

    private static (ContractShape Shape, HashSet<string> Names) Read()
    {
        var shape = new ContractShape();
        foreach (var file in Files)
            DescriptorReader.Read(file.ToProto(), shape);
        return (shape, new(shape.Messages.Select(message => message.FullName).Concat(shape.Enums.Select(known => known.FullName)), StringComparer.Ordinal));
    }
}
