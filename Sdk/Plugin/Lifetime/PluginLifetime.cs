using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Plugwire.Lifetime;

/// <summary>
/// What the plugin's run has come to, and who asked for its end. Asking only sets a flag; the one run loop of
/// the application fires the tokens, so that nobody who asks runs the author's callbacks.
/// </summary>
/// <remarks><c>idle → running → stop requested → (hurried) → stopped</c></remarks>
internal sealed partial class PluginLifetime : IHostApplicationLifetime, IDisposable
{
    private readonly CancellationTokenSource _started = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hurried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _running;
    private volatile bool _isServing = true;

    public CancellationToken ApplicationStarted => _started.Token;

    public CancellationToken ApplicationStopping => _stopping.Token;

    public CancellationToken ApplicationStopped => _stopped.Token;

    /// <summary>Completes when somebody has asked for the end.</summary>
    public Task StopRequested => _requested.Task;

    /// <summary>Completes when the stop is not to wait for calls any longer.</summary>
    public Task Hurried => _hurried.Task;

    /// <summary>What the plugin says of its health while it does not stop. True, but where a test of a host has it say otherwise.</summary>
    public bool IsServing
    {
        get => _isServing;
        set => _isServing = value;
    }

    public void StopApplication() => _requested.TrySetResult();

    /// <summary>From now on a run loop listens to requests.</summary>
    public void BeginRun() => _running = true;

    /// <summary>A terminate signal: the first asks, the second hurries. False when no run loop listens, and the system's default is due.</summary>
    public bool TryTerminate()
    {
        if (!_running)
            return false;
        if (!_requested.TrySetResult())
            _hurried.TrySetResult();
        return true;
    }

    public void NotifyStarted(ILogger logger) => Fire(_started, nameof(ApplicationStarted), logger);

    public void NotifyStopping(ILogger logger) => Fire(_stopping, nameof(ApplicationStopping), logger);

    public void NotifyStopped(ILogger logger) => Fire(_stopped, nameof(ApplicationStopped), logger);

    public void Dispose()
    {
        _started.Dispose();
        _stopping.Dispose();
        _stopped.Dispose();
    }

    // A callback of the author's that throws is told, and keeps nobody from starting or stopping.
    private static void Fire(CancellationTokenSource source, string name, ILogger logger)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException failure)
        {
            Log.CallbackFailed(logger, failure, name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A callback of {Token} threw.", EventName = "LifetimeCallbackFailed")]
        public static partial void CallbackFailed(ILogger logger, Exception exception, string token);
    }
}
