using System.Reflection;

namespace Plugwire.Contracts.Zoo.Tests;

/// <summary>Calls a method of a contract by reflection, with two requests where they stream, and counts the responses.</summary>
internal static class ZooCall
{
    private static readonly MethodInfo OneResponse = Generic(nameof(CountAsync));
    private static readonly MethodInfo ManyResponses = Generic(nameof(CountAllAsync));
    private static readonly MethodInfo ManyRequests = Generic(nameof(TwoAsync));

    /// <summary>Whether a parameter or a result of the type streams.</summary>
    public static bool Streams(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    /// <summary>A message, or a stream of two.</summary>
    public static object Create(Type type) =>
        Streams(type) ? ManyRequests.MakeGenericMethod(type.GenericTypeArguments[0]).Invoke(null, null)! : Activator.CreateInstance(type)!;

    public static Task<int> CountResponsesAsync(object client, MethodInfo method)
    {
        var result = method.Invoke(client, [Create(method.GetParameters()[0].ParameterType), default(CallContext), TestContext.Current.CancellationToken]);
        var reader = (Streams(method.ReturnType) ? ManyResponses : OneResponse).MakeGenericMethod(method.ReturnType.GenericTypeArguments[0]);
        return (Task<int>)reader.Invoke(null, [result])!;
    }

    private static MethodInfo Generic(string name) => typeof(ZooCall).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static async Task<int> CountAsync<T>(ValueTask<T> response)
    {
        Assert.NotNull((object?)await response.Within());
        return 1;
    }

    private static async Task<int> CountAllAsync<T>(IAsyncEnumerable<T> responses)
    {
        var count = 0;
        await foreach (var response in responses)
            count++;
        return count;
    }

    private static async IAsyncEnumerable<T> TwoAsync<T>()
        where T : new()
    {
        yield return new T();
        await Task.Yield();
        yield return new T();
    }
}
