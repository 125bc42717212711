using Plugwire.TestPlugins.Callbacks.Contract;

namespace Plugwire.EndToEnd.Tests.Callbacks;

/// <summary>A handler of the host's that waits until its token fires or the test lets it go, and keeps why.</summary>
internal sealed class HeldAnswer
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallCancellation> _fired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the plugin's call is here.</summary>
    public Task Reached => _reached.Task.Within();

    /// <summary>Ends when the handler's token has fired, with the reason.</summary>
    public Task<CallCancellation> Fired => _fired.Task.Within();

    public bool HasFired => _fired.Task.IsCompleted;

    public void Release() => _release.TrySetResult();

    public async Task<Note> AnswerAsync(Note request, CallContext call, CancellationToken cancellationToken)
    {
        await HoldAsync(call, cancellationToken);
        return Desk.Raise(request);
    }

    public async Task HoldAsync(CallContext call, CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        try
        {
            await _release.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _fired.TrySetResult(call.Cancellation);
            throw;
        }
    }
}
