namespace Plugwire.Shapes;

/// <summary>What of a message matters on the wire.</summary>
internal sealed class MessageShape
{
    private readonly Dictionary<int, FieldShape> _byNumber = [];
    private readonly Dictionary<string, FieldShape> _byName = new(StringComparer.Ordinal);

    /// <exception cref="BadContractException">Two fields have one name or one number.</exception>
    public MessageShape(string fullName, IEnumerable<FieldShape> fields, ReservedShape reserved, bool isMapEntry = false)
    {
        FullName = fullName;
        Fields = [.. fields.OrderBy(field => field.Number)];
        Reserved = reserved;
        IsMapEntry = isMapEntry;
        foreach (var field in Fields)
        {
            if (!_byNumber.TryAdd(field.Number, field) || !_byName.TryAdd(field.Name, field))
                throw new BadContractException($"the message {fullName} has two fields of the name '{field.Name}' or of the number {field.Number}.");
        }

        // A value that is a map would make a map of maps, of which a stranger could make one without end.
        if (isMapEntry && (FieldAt(1) is not { IsRepeated: false } || FieldAt(2) is not { IsRepeated: false }))
            throw new BadContractException($"{fullName}, the entry of a map, has not one key and one value.");
    }

    public string FullName { get; }

    /// <summary>By their numbers.</summary>
    public IReadOnlyList<FieldShape> Fields { get; }

    public ReservedShape Reserved { get; }

    /// <summary>Whether it was made for a map, and stands nowhere in the .proto.</summary>
    public bool IsMapEntry { get; }

    public FieldShape? FieldAt(int number) => _byNumber.GetValueOrDefault(number);

    public FieldShape? FieldNamed(string name) => _byName.GetValueOrDefault(name);
}
