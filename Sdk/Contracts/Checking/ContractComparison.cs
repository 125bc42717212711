namespace Plugwire.Checking;

/// <summary>What a comparison has found.</summary>
internal sealed class ContractComparison
{
    // More than anybody reads; a contract has no more places where it could differ, unless one side is made up.
    private const int MostDifferences = 1_000;

    private readonly List<ContractDifference> _differences = [];

    public IReadOnlyList<ContractDifference> Differences => _differences;

    /// <summary>How many methods, fields and enum values the one side has alone. They break nothing, and tell which side is the older.</summary>
    public int OnlyHere { get; set; }

    /// <summary>The same, of the other side.</summary>
    public int OnlyThere { get; set; }

    public void Add(string rule, string path, string here, string there) => Insert(_differences.Count, new ContractDifference(rule, path, here, there));

    public void Insert(int index, ContractDifference difference)
    {
        if (_differences.Count < MostDifferences)
            _differences.Insert(index, difference);
    }

    /// <summary>Adds what another has found. Contracts share messages, and a difference in one of these is one difference.</summary>
    public void Add(ContractComparison other)
    {
        foreach (var difference in other._differences.Except(_differences).ToArray())
            Insert(_differences.Count, difference);
        OnlyHere += other.OnlyHere;
        OnlyThere += other.OnlyThere;
    }
}
