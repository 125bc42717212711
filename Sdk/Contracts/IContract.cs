namespace Plugwire;

/// <summary>
/// A typed streaming contract: one interface for both sides of a gRPC service, generated from its .proto. A caller gets it from a client; a
/// plugin or a host implements it.
/// </summary>
/// <typeparam name="TSelf">The contract itself.</typeparam>
public interface IContract<TSelf>
    where TSelf : class, IContract<TSelf>
{
    /// <summary>What the contract is made of. Generated; found by the contract's type, without reflection.</summary>
    static abstract ContractDefinition<TSelf> Definition { get; }
}
