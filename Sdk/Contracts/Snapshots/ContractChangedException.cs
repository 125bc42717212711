namespace Plugwire;

/// <summary>A contract is no longer what its snapshot says. The message shows every difference, and says what to do.</summary>
public sealed class ContractChangedException : Exception
{
    internal ContractChangedException(string message, IReadOnlyList<ContractDifference> differences)
        : base(message) => Differences = differences;

    /// <summary>What breaks hosts and plugins that were built with the contract as the snapshot has it. Empty when the contract has only grown, and the snapshot is to grow with it.</summary>
    public IReadOnlyList<ContractDifference> Differences { get; }
}
