using Plugwire.Checking;
using Plugwire.Hosting.Failures;

namespace Plugwire.Hosting;

/// <summary>
/// A plugin did not start, because calls between it and its host would break: they mean different things by a contract that the host asks for. The message has a table of all differences.
/// When it is thrown, the process and its launch directory are gone.
/// </summary>
public sealed class ContractMismatchException : PluginStartException
{
    internal ContractMismatchException(PluginStartFailure failure, ContractComparison comparison)
        : base(failure) => Differences = comparison.Differences;

    /// <summary>What differs, of all contracts together; the host's side is <see cref="ContractDifference.Here"/>.</summary>
    public IReadOnlyList<ContractDifference> Differences { get; }
}
