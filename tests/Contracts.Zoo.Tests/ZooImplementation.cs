using System.Reflection;
using System.Reflection.Emit;

namespace Plugwire.Contracts.Zoo.Tests;

/// <summary>Implements any contract: it reads the requests, answers with one message or two, and remembers what was called.</summary>
public class ZooImplementation : DispatchProxy
{
    private static readonly MethodInfo One = Generic(nameof(AnswerAsync));
    private static readonly MethodInfo Many = Generic(nameof(AnswerAllAsync));
    private static readonly MethodInfo Reader = Generic(nameof(ReadAsync));

    private readonly List<(string Method, int Requests)> _calls = [];

    internal IReadOnlyList<(string Method, int Requests)> Calls => _calls;

    /// <summary>A class that leaves all methods of a contract out.</summary>
    internal static TContract CreateEmpty<TContract>()
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Empty"), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule("Empty");
        var type = module.DefineType("LeavesAllOut", TypeAttributes.Public | TypeAttributes.Class, typeof(object), [typeof(TContract)]);
        return (TContract)Activator.CreateInstance(type.CreateType())!;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var request = args![0]!;
        var requestType = targetMethod!.GetParameters()[0].ParameterType;
        var reading = ZooCall.Streams(requestType) ? (Task<int>)Reader.MakeGenericMethod(requestType.GenericTypeArguments[0]).Invoke(null, [request])! : Task.FromResult(1);
        var answer = (ZooCall.Streams(targetMethod.ReturnType) ? Many : One).MakeGenericMethod(targetMethod.ReturnType.GenericTypeArguments[0]);
        return answer.Invoke(this, [targetMethod.Name, reading]);
    }

    private static MethodInfo Generic(string name) => typeof(ZooImplementation).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)!;

    private static async Task<int> ReadAsync<T>(IAsyncEnumerable<T> requests)
    {
        var count = 0;
        await foreach (var request in requests)
            count++;
        return count;
    }

    private async ValueTask<T> AnswerAsync<T>(string method, Task<int> reading)
        where T : new()
    {
        _calls.Add((method, await reading.Within()));
        return new T();
    }

    private async IAsyncEnumerable<T> AnswerAllAsync<T>(string method, Task<int> reading)
        where T : new()
    {
        _calls.Add((method, await reading.Within()));
        yield return new T();
        yield return new T();
    }
}
