using System.Collections.Concurrent;
using Plugwire.Hosting;

namespace Plugwire.Testing;

/// <summary>
/// The host of a plugin under test, as far as the plugin calls it: contracts that answer as told, with one record of all their calls. For a plugin that runs
/// (<see cref="OfferTo"/>), and for a class of it that is tested alone (<see cref="IHostContracts"/>). Where one contract is enough, a <see cref="FakeContract{TContract}"/> is.
/// Safe for use by several threads, and needs no disposal.
/// </summary>
public sealed class FakeHost : IHostContracts
{
    private readonly ConcurrentDictionary<Type, Lazy<Entry>> _contracts = new();
    private readonly TimeProvider? _timeProvider;

    /// <summary>Creates a host that offers nothing yet.</summary>
    /// <param name="timeProvider">The clock of deadlines of calls that stay in the process; null for the system's.</param>
    public FakeHost(TimeProvider? timeProvider = null) => _timeProvider = timeProvider;

    /// <summary>The calls of all contracts, in their order.</summary>
    public FakeCalls<FakeCall> Calls { get; } = new("the fake host");

    /// <summary>A contract of the host: the same fake each time. A plugin is offered those that have been asked for here before.</summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    public FakeContract<TContract> Contract<TContract>()
        where TContract : class, IContract<TContract> =>
        (FakeContract<TContract>)_contracts.GetOrAdd(typeof(TContract), static (_, host) => new Lazy<Entry>(() =>
        {
            var fake = new FakeContract<TContract>(null, host._timeProvider, host.Calls);
            return new Entry(fake, options => options.AddHostContract(fake));
        }), this).Value.Fake;

    /// <summary>Offers the contracts to a plugin that is started with the options, in whatever way it runs.</summary>
    /// <param name="options">The plugin's.</param>
    /// <exception cref="InvalidOperationException">One of them has been added to the options before, or there is none.</exception>
    public void OfferTo(PluginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (_contracts.IsEmpty)
            throw new InvalidOperationException($"The fake host has no contract to offer. Ask it for one first: host.{nameof(Contract)}<IRules>().");
        foreach (var contract in _contracts.Values)
            contract.Value.Offer(options);
    }

    TContract IHostContracts.GetHostContract<TContract>() => Contract<TContract>().Object;

    private sealed record Entry(object Fake, Action<PluginOptions> Offer);
}
