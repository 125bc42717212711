namespace Plugwire.Wire.Rpc.Deferred;

/// <summary>Tasks of a call that does not exist yet. Their failures are observed: a caller need not look at all tasks of a call.</summary>
internal static class DeferredTask
{
    /// <summary>A part of the call, once there is a call.</summary>
    public static Task<TPart> From<TCall, TPart>(Task<TCall> begun, Func<TCall, TPart> part)
    {
        return Observe(PartAsync());

        async Task<TPart> PartAsync() => part(await begun.ConfigureAwait(false));
    }

    /// <summary>A task of the call.</summary>
    public static Task<TResult> Of<TCall, TResult>(Task<TCall> begun, Func<TCall, Task<TResult>> task)
    {
        return Observe(ResultAsync());

        async Task<TResult> ResultAsync() => await task(await begun.ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Sees to it that a failure nobody looks at is not reported as one nobody could look at.</summary>
    public static Task<T> Observe<T>(Task<T> task)
    {
        _ = task.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
