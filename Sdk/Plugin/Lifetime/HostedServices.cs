using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Plugwire.Lifetime;

/// <summary>Starts the author's hosted services in order, stops them in reverse, and notices when one of them fails on the way.</summary>
internal sealed partial class HostedServices(IEnumerable<IHostedService> services, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(100);

    private readonly IHostedService[] _all = [.. services];
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _watches = [];
    private int _started;

    /// <summary>Completes with the exception of the first background service that failed; never, as long as none does.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <exception cref="Exception">What a service threw; the ones before it have been started and must be stopped.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _all.OfType<IHostedLifecycleService>())
            await StartStep.RunAsync(service.StartingAsync, cancellationToken).ConfigureAwait(false);

        foreach (var service in _all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _started++;
            if (service is not BackgroundService background)
            {
                await StartStep.RunAsync(service.StartAsync, cancellationToken).ConfigureAwait(false);
                continue;
            }

            // Nobody waits for what it begins here.
            await background.StartAsync(cancellationToken).ConfigureAwait(false);
            if (background.ExecuteTask is { } running)
                _watches.Add(WatchAsync(background, running));
        }
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _all.OfType<IHostedLifecycleService>())
            await StartStep.RunAsync(service.StartedAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Always returns within the budget, whatever the services do; never throws: failures are logged.</summary>
    public async Task StopAsync(TimeSpan budget)
    {
        using var late = new CancellationTokenSource(budget, time);
        var stopping = _all.Take(_started).Reverse().ToArray();
        foreach (var service in stopping.OfType<IHostedLifecycleService>())
            await StopOneAsync(service, service.StoppingAsync, late.Token).ConfigureAwait(false);
        foreach (var service in stopping)
            await StopOneAsync(service, service.StopAsync, late.Token).ConfigureAwait(false);
        foreach (var service in stopping.OfType<IHostedLifecycleService>())
            await StopOneAsync(service, service.StoppedAsync, late.Token).ConfigureAwait(false);
    }

    private async Task StopOneAsync(IHostedService service, Func<CancellationToken, Task> stop, CancellationToken late)
    {
        try
        {
            // On another thread, because a service's stop may block and not only be late.
            var stopping = Task.Run(() => stop(late), CancellationToken.None);
            await stopping.WaitAsync(late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Those before may have spent it all: who has nothing to do is not late.
            await stopping.WaitAsync(LastMoment, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (late.IsCancellationRequested && failure is TimeoutException or OperationCanceledException)
        {
            Log.DidNotStop(logger, service.GetType());
        }
        catch (Exception failure)
        {
            Log.StopFailed(logger, failure, service.GetType());
        }
    }

    // Ends with the background task it watches, and never throws.
    private async Task WatchAsync(IHostedService service, Task running)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The usual end of a background service that was asked to stop.
        }
        catch (Exception failure)
        {
            Log.Failed(logger, failure, service.GetType());
            _failed.TrySetResult(failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Critical, "The background service {Service} failed; the plugin stops.", EventName = "BackgroundServiceFailed")]
        public static partial void Failed(ILogger logger, Exception exception, Type service);

        [LoggerMessage(12, LogLevel.Error, "The hosted service {Service} failed to stop.", EventName = "HostedServiceStopFailed")]
        public static partial void StopFailed(ILogger logger, Exception exception, Type service);

        [LoggerMessage(13, LogLevel.Warning, "The hosted service {Service} did not stop in time and is left behind.", EventName = "HostedServiceLate")]
        public static partial void DidNotStop(ILogger logger, Type service);
    }
}
