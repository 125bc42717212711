namespace Plugwire.ForeignPeers.Tests;

/// <summary>The limit on every await of a test: long enough for processes on busy cores, short enough to see a hang.</summary>
internal static class TestLimit
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static Task Within(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task Within(this ValueTask task) => task.AsTask().Within();

    public static Task<T> Within<T>(this ValueTask<T> task) => task.AsTask().Within();
}
