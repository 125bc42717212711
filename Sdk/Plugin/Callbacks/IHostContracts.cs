namespace Plugwire;

/// <summary>
/// The contracts that the host implements for its plugins, to be had by injection. Safe for use by several threads. Where a class needs one contract, let it take that
/// contract itself, after <c>UseHostContract</c> of the builder.
/// </summary>
public interface IHostContracts
{
    /// <summary>
    /// A client of a contract that the host implements. It may be had at any time, needs no disposal, and is safe for use by several threads.
    /// </summary>
    /// <typeparam name="TContract">The contract's interface.</typeparam>
    /// <remarks>
    /// The host connects at the end of the plugin's start. A call before that waits for it: no longer than the call's deadline, the plugin's life, and 10 seconds, after which
    /// it fails with <c>Unavailable</c>. A call by a step that the start itself waits for, such as <c>IHostedService.StartAsync</c>, fails at once with
    /// <c>FailedPrecondition</c>, and one to a contract that the host does not offer with <c>Unimplemented</c>. While the plugin stops, calls go on until its own
    /// last call and its hosted services have ended.
    /// </remarks>
    TContract GetHostContract<TContract>()
        where TContract : class, IContract<TContract>;
}
