namespace Plugwire.Shapes;

/// <summary>How often a field may be in a message.</summary>
internal enum Cardinality
{
    /// <summary>At most once. Whether an unset field can be told from a zero does not change its bytes.</summary>
    Singular,

    /// <summary>Exactly once: a message without it is refused.</summary>
    Required,

    /// <summary>Any number of times, in packed form or not: readers take both.</summary>
    Repeated,
}
