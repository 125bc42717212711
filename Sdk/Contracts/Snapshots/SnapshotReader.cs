using Plugwire.Checking;
using Plugwire.Shapes;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Plugwire.Snapshots;

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote. People may have merged it by hand, so it says in which line it is wrong.</summary>
internal sealed class SnapshotReader
{
    private static readonly Dictionary<string, FieldType> Scalars = Enum.GetValues<FieldType>()
        .Where(type => type is not (FieldType.Message or FieldType.Group or FieldType.Enum)).ToDictionary(ProtoText.KeywordOf, StringComparer.Ordinal);

    private readonly SnapshotTokens _tokens;
    private readonly ContractShape _contract = new();
    private readonly List<(string Name, List<FieldShape> Fields, ReservedShape Reserved, bool IsMapEntry)> _messages = [];

    private SnapshotReader(string text) => _tokens = new SnapshotTokens(text);

    /// <exception cref="FormatException">It is no snapshot; says where.</exception>
    public static ContractShape Read(string text) => new SnapshotReader(text).Read();

    private ContractShape Read()
    {
        try
        {
            while (!_tokens.IsAtEnd)
                ReadDeclaration();

            // Only now it is known which names are those of enums.
            foreach (var (name, fields, reserved, isMapEntry) in _messages)
                _contract.Add(new MessageShape(name, fields.Select(Resolve), reserved, isMapEntry));
            return _contract;
        }
        catch (BadContractException failure)
        {
            throw new FormatException(failure.Message, failure);
        }
    }

    private void ReadDeclaration()
    {
        if (_tokens.TryTake("service"))
            ReadService();
        else if (_tokens.TryTake("message"))
            ReadMessage();
        else if (_tokens.TryTake("enum"))
            ReadEnum();
        else
            throw _tokens.Unexpected("'service', 'message' or 'enum'");
    }

    private void ReadService()
    {
        var name = _tokens.TakeName();
        var methods = new List<MethodShape>();
        _tokens.Take("{");
        while (!_tokens.TryTake("}"))
        {
            _tokens.Take("rpc");
            var method = _tokens.TakeName();
            var (request, streamsRequests) = ReadParameter();
            _tokens.Take("returns");
            var (response, streamsResponses) = ReadParameter();
            _tokens.Take(";");
            methods.Add(new MethodShape(method, request, response, streamsRequests, streamsResponses));
        }

        _contract.Add(new ServiceShape(name, methods));
    }

    private (string Name, bool IsStream) ReadParameter()
    {
        _tokens.Take("(");
        var isStream = _tokens.TryTake("stream");
        var name = _tokens.TakeName();
        _tokens.Take(")");
        return (name, isStream);
    }

    private void ReadMessage()
    {
        var name = _tokens.TakeName();
        var fields = new List<FieldShape>();
        var (numbers, names) = (new List<NumberRange>(), new List<string>());
        _tokens.Take("{");
        while (!_tokens.TryTake("}"))
        {
            if (_tokens.TryTake("reserved"))
                ReadReserved(numbers, names);
            else if (_tokens.TryTake("oneof"))
                ReadOneof(name, fields);
            else
                fields.Add(ReadField(name, oneof: null));
        }

        _messages.Add((name, fields, new ReservedShape(numbers, names), IsMapEntry: false));
    }

    private void ReadOneof(string message, List<FieldShape> fields)
    {
        var oneof = _tokens.TakeName();
        _tokens.Take("{");
        while (!_tokens.TryTake("}"))
            fields.Add(ReadField(message, oneof));
    }

    private FieldShape ReadField(string message, string? oneof)
    {
        var cardinality = _tokens.TryTake("repeated") ? Cardinality.Repeated : _tokens.TryTake("required") ? Cardinality.Required : Cardinality.Singular;
        if (_tokens.TryTake("map"))
            return ReadMap(message);

        var (type, typeName) = ReadType();
        var name = _tokens.TakeName();
        _tokens.Take("=");
        var number = _tokens.TakeNumber();
        _tokens.Take(";");
        return new FieldShape(name, number, type, cardinality) { TypeName = typeName, Oneof = oneof };
    }

    // A map is a list of entries; their message has a name that no .proto can give.
    private FieldShape ReadMap(string message)
    {
        _tokens.Take("<");
        var (keyType, keyName) = ReadType();
        _tokens.Take(",");
        var (valueType, valueName) = ReadType();
        _tokens.Take(">");
        var name = _tokens.TakeName();
        _tokens.Take("=");
        var number = _tokens.TakeNumber();
        _tokens.Take(";");

        var entry = $"{message}.<{name}>";
        _messages.Add((
            entry,
            [
                new FieldShape("key", 1, keyType, Cardinality.Singular) { TypeName = keyName },
                new FieldShape("value", 2, valueType, Cardinality.Singular) { TypeName = valueName },
            ],
            ReservedShape.None,
            IsMapEntry: true));
        return new FieldShape(name, number, FieldType.Message, Cardinality.Repeated) { TypeName = entry };
    }

    private (FieldType Type, string? TypeName) ReadType()
    {
        var isGroup = _tokens.TryTake("group");
        if (!_tokens.Current.Contains('.', StringComparison.Ordinal))
        {
            if (isGroup || !Scalars.TryGetValue(_tokens.Current, out var scalar))
                throw _tokens.Unexpected("a type, or a message's full name");

            _tokens.TakeName();
            return (scalar, null);
        }

        return (isGroup ? FieldType.Group : FieldType.Message, _tokens.TakeName());
    }

    private void ReadEnum()
    {
        var name = _tokens.TakeName();
        var values = new List<EnumValueShape>();
        var (numbers, names) = (new List<NumberRange>(), new List<string>());
        _tokens.Take("{");
        while (!_tokens.TryTake("}"))
        {
            var value = _tokens.TakeName();

            // A value may be called like the word.
            if (value == "reserved" && _tokens.Current != "=")
            {
                ReadReserved(numbers, names);
                continue;
            }

            _tokens.Take("=");
            values.Add(new EnumValueShape(value, _tokens.TakeNumber()));
            _tokens.Take(";");
        }

        _contract.Add(new EnumShape(name, values, new ReservedShape(numbers, names)));
    }

    private void ReadReserved(List<NumberRange> numbers, List<string> names)
    {
        if (_tokens.Current.StartsWith('"'))
        {
            names.Add(_tokens.TakeQuoted());
        }
        else
        {
            var first = _tokens.TakeNumber();
            numbers.Add(new NumberRange(first, _tokens.TryTake("to") ? _tokens.TakeNumber() : first));
        }

        _tokens.Take(";");
    }

    private FieldShape Resolve(FieldShape field) =>
        field is { Type: FieldType.Message, TypeName: { } name } && _contract.HasEnum(name) ? field with { Type = FieldType.Enum } : field;
}
