namespace Plugwire.Shapes;

/// <summary>What of an enum matters on the wire.</summary>
internal sealed class EnumShape
{
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<int> _numbers = [];

    /// <exception cref="BadContractException">Two values have one name.</exception>
    public EnumShape(string fullName, IEnumerable<EnumValueShape> values, ReservedShape reserved)
    {
        FullName = fullName;
        Values = [.. values.OrderBy(value => value.Number).ThenBy(value => value.Name, StringComparer.Ordinal)];
        Reserved = reserved;
        foreach (var value in Values)
        {
            if (!_byName.TryAdd(value.Name, value.Number))
                throw new BadContractException($"the enum {fullName} has two values of the name '{value.Name}'.");
            _numbers.Add(value.Number);
        }
    }

    public string FullName { get; }

    /// <summary>By their numbers; several names of one number by their names.</summary>
    public IReadOnlyList<EnumValueShape> Values { get; }

    public ReservedShape Reserved { get; }

    public int? NumberOf(string name) => _byName.TryGetValue(name, out var number) ? number : null;

    public bool Has(int number) => _numbers.Contains(number);
}
