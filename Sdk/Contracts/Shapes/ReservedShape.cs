namespace Plugwire.Shapes;

/// <summary>Numbers and names that a message or an enum has given up for good.</summary>
internal sealed record ReservedShape(IReadOnlyList<NumberRange> Numbers, IReadOnlyList<string> Names)
{
    public static readonly ReservedShape None = new([], []);

    public bool IsEmpty => Numbers.Count == 0 && Names.Count == 0;

    public bool Contains(string name, int number) => Names.Contains(name) || Numbers.Any(range => range.Contains(number));
}
