using Google.Protobuf.Reflection;
using FieldLabel = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Plugwire.Shapes;

/// <summary>
/// Reads descriptors, also those of a stranger: what does not fit is refused with a sentence, and every name that gets past here is made of letters, digits, underscores
/// and dots, so that it can be shown anywhere. Needs no descriptors that nothing refers to, and knows all syntaxes and editions.
/// </summary>
internal static class DescriptorReader
{
    private const int LongestName = 1_000;
    private const int HighestNumber = 536_870_911;

    /// <summary>All that a file describes, and the files that it imports, but for the well-known ones.</summary>
    public static ContractShape Read(FileDescriptor file)
    {
        var shape = new ContractShape();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<FileDescriptor>([file]);
        while (waiting.TryPop(out var next))
        {
            if (!seen.Add(next.Name))
                continue;

            Read(next.ToProto(), shape);
            foreach (var import in next.Dependencies.Where(import => !WellKnownShapes.HasFile(import.Name)))
                waiting.Push(import);
        }

        return shape;
    }

    /// <exception cref="BadContractException">It describes nothing that could be.</exception>
    public static void Read(FileDescriptorProto file, ContractShape into)
    {
        var scope = file.Package.Length == 0 ? "" : CheckFullName(file.Package);
        var delimited = file.Options?.Features?.MessageEncoding == FeatureSet.Types.MessageEncoding.Delimited;
        foreach (var service in file.Service)
            into.Add(ToShape(service, scope));
        ReadTypes(file.MessageType, file.EnumType, scope, delimited, into);
    }

    // As deep as the messages are nested, for which the parser has a limit.
    private static void ReadTypes(IEnumerable<DescriptorProto> messages, IEnumerable<EnumDescriptorProto> enums, string scope, bool delimited, ContractShape into)
    {
        foreach (var shape in enums)
            into.Add(ToShape(shape, scope));
        foreach (var message in messages)
        {
            var name = Join(scope, message.Name);
            var entries = message.NestedType.Where(nested => nested.Options?.MapEntry == true).Select(nested => Join(name, nested.Name)).ToHashSet(StringComparer.Ordinal);
            into.Add(new MessageShape(
                name,
                message.Field.Select(field => ToShape(field, message, name, delimited, entries)),
                new ReservedShape(
                    [.. message.ReservedRange.Select(range => new NumberRange(range.Start, range.End - 1))], [.. message.ReservedName.Where(IsName)]),
                message.Options?.MapEntry == true));
            ReadTypes(message.NestedType, message.EnumType, name, delimited, into);
        }
    }

    private static ServiceShape ToShape(ServiceDescriptorProto service, string scope) => new(
        Join(scope, service.Name),
        service.Method.Select(method => new MethodShape(
            CheckName(method.Name), CheckTypeName(method.InputType), CheckTypeName(method.OutputType), method.ClientStreaming, method.ServerStreaming)));

    private static EnumShape ToShape(EnumDescriptorProto shape, string scope) => new(
        Join(scope, shape.Name),
        shape.Value.Select(value => new EnumValueShape(CheckName(value.Name), value.Number)),
        new ReservedShape([.. shape.ReservedRange.Select(range => new NumberRange(range.Start, range.End))], [.. shape.ReservedName.Where(IsName)]));

    private static FieldShape ToShape(FieldDescriptorProto field, DescriptorProto message, string messageName, bool delimited, HashSet<string> mapEntries)
    {
        var place = $"{messageName}.{CheckName(field.Name)}";
        if (field.Number is < 1 or > HighestNumber)
            throw new BadContractException($"the field {place} has the number {field.Number}.");
        if (!field.HasType || !Enum.IsDefined(field.Type))
            throw new BadContractException($"the field {place} is of no type that is known.");
        if (field.HasOneofIndex && (field.OneofIndex < 0 || field.OneofIndex >= message.OneofDecl.Count))
            throw new BadContractException($"the field {place} belongs to a oneof that is not there.");

        var typeName = field.Type is FieldType.Message or FieldType.Group or FieldType.Enum ? CheckTypeName(field.TypeName) : null;
        var features = field.Options?.Features;

        // Whatever a file says of its messages, entries of maps and their values keep the encoding that maps always had.
        var isOfMap = message.Options?.MapEntry == true || mapEntries.Contains(typeName ?? "");
        var isDelimited = features is { HasMessageEncoding: true } ? features.MessageEncoding == FeatureSet.Types.MessageEncoding.Delimited : delimited;
        return new FieldShape(
            field.Name,
            field.Number,
            field.Type == FieldType.Message && isDelimited && !isOfMap ? FieldType.Group : field.Type,
            field.Label switch
            {
                FieldLabel.Repeated => Cardinality.Repeated,
                FieldLabel.Required => Cardinality.Required,
                _ => features?.FieldPresence == FeatureSet.Types.FieldPresence.LegacyRequired ? Cardinality.Required : Cardinality.Singular,
            })
        {
            TypeName = typeName,

            // An optional field of proto3 is in a oneof of its own, which is no choice.
            Oneof = field.HasOneofIndex && !field.Proto3Optional ? CheckName(message.OneofDecl[field.OneofIndex].Name) : null,
        };
    }

    private static string Join(string scope, string name) => CheckFullName(scope.Length == 0 ? CheckName(name) : $"{scope}.{CheckName(name)}");

    // Compilers write full names, which begin with a dot.
    private static string CheckTypeName(string name) => CheckFullName(name.StartsWith('.') ? name[1..] : name);

    private static string CheckFullName(string name)
    {
        if (name.Length > LongestName)
            throw new BadContractException($"a name has {name.Length} characters, and begins with '{name[..100]}'.");
        foreach (var part in name.Split('.'))
            CheckName(part);
        return name;
    }

    private static string CheckName(string name) => IsName(name)
        ? name
        : throw new BadContractException($"'{(name.Length > 100 ? name[..100] + "…" : name)}' stands where a name is due.");

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > LongestName || char.IsAsciiDigit(name[0]))
            return false;
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '_')
                return false;
        }

        return true;
    }
}
