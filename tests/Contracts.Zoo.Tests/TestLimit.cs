namespace Plugwire.Contracts.Zoo.Tests;

/// <summary>The limit on every await of a test: long enough for busy cores, short enough to see a hang.</summary>
internal static class TestLimit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task Within(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Within<T>(this ValueTask<T> task) => task.AsTask().Within();

    public static Task Within(this ValueTask task) => task.AsTask().Within();
}
