using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Time;

/// <summary>A handler that answers nothing until its token fires, and remembers why that was.</summary>
internal sealed class WaitingHandler : IEcho
{
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallCancellation> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Called => _called.Task;

    public Task<CallCancellation> Ended => _ended.Task;

    public async ValueTask<Text> UnaryAsync(Text request, CallContext call = default, CancellationToken cancellationToken = default)
    {
        _called.SetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return request;
        }
        finally
        {
            _ended.SetResult(call.Cancellation);
        }
    }
}
