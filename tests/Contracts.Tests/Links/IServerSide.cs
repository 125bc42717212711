namespace Plugwire.Contracts.Tests.Links;

/// <summary>What serves the test's contract.</summary>
internal interface IServerSide : IAsyncDisposable
{
    /// <summary>Stops serving, without patience for calls that run.</summary>
    Task StopAsync();

    /// <summary>Cuts all connections, without a word.</summary>
    Task CutAsync();
}
