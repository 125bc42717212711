namespace Plugwire.Running;

/// <summary>The author's services, and the one place that ends them.</summary>
internal sealed class ServiceProviderOwner(IServiceProvider provider)
{
    private int _disposed;

    public IServiceProvider Provider { get; } = provider;

    /// <summary>Disposes of all services, once; returns within the budget, whatever they do.</summary>
    public async Task DisposeAsync(TimeSpan budget, Action<string> tell)
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        try
        {
            // On another thread, because a service's Dispose may block and not only be late. The system's clock: the author's is among what is disposed of.
            await Task.Run(() => DisposeProviderAsync().AsTask()).WaitAsync(budget, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            tell($"[WARN] The plugin's services were not disposed of within {budget.TotalSeconds} s and are left behind.");
        }
        catch (Exception failure)
        {
            tell($"[ERROR] A service of the plugin's failed when it was disposed of. {failure}");
        }
    }

    private async ValueTask DisposeProviderAsync()
    {
        if (Provider is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else if (Provider is IDisposable disposable)
            disposable.Dispose();
    }
}
