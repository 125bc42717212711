namespace Plugwire.Shapes;

/// <summary>Numbers of fields or enum values, both ends among them.</summary>
internal readonly record struct NumberRange(int First, int Last)
{
    public bool Contains(int number) => number >= First && number <= Last;
}
