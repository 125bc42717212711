namespace Plugwire.Serving;

/// <summary>An implementation that the author made himself, under a type of its own: the contract's type may be registered for what the host implements.</summary>
internal sealed record ContractInstance<TContract>(TContract Implementation)
    where TContract : class, IContract<TContract>;
