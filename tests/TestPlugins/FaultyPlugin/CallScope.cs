namespace Plugwire.TestPlugins.Faulty;

/// <summary>What dependency injection makes for one call, and disposes of with it.</summary>
internal sealed class CallScope(ScopeCount count) : IDisposable
{
    public void Dispose() => count.Close();
}
