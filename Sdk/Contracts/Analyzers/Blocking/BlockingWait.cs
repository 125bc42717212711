using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Plugwire.Contracts.Analyzers.Blocking;

/// <summary>An operation that waits and keeps its thread meanwhile.</summary>
internal sealed class BlockingWait
{
    private BlockingWait(BlockingKind kind, IOperation operation, string name, IOperation? awaited = null)
    {
        Kind = kind;
        Operation = operation;
        Name = name;
        Awaited = awaited;
    }

    public BlockingKind Kind { get; }

    public IOperation Operation { get; }

    /// <summary>What is called, as a reader knows it.</summary>
    public string Name { get; }

    /// <summary>The task that is waited for, where it is one.</summary>
    public IOperation? Awaited { get; }

    public string Advice => Kind switch
    {
        BlockingKind.Result or BlockingKind.Wait => "await the task",
        BlockingKind.Sleep => "await Task.Delay",
        BlockingKind.WaitAll => "await Task.WhenAll",
        BlockingKind.WaitAny => "await Task.WhenAny",
        BlockingKind.Enumerate => "use await foreach",
        BlockingKind.Semaphore => "await WaitAsync",
        BlockingKind.Process => "await WaitForExitAsync",
        _ => "wait for something that can be awaited, such as a TaskCompletionSource or a SemaphoreSlim",
    };

    /// <returns>Null for an operation that does not block.</returns>
    public static BlockingWait? Of(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { Name: "Result", ContainingType: var type }, Instance: { } task } when IsTask(type) && IsValue(task) =>
            new BlockingWait(BlockingKind.Result, operation, $"{type.Name}.Result", task),
        IInvocationOperation invocation when Kinds(invocation) is { } kind && !IsPoll(invocation) =>
            new BlockingWait(kind, operation, kind == BlockingKind.Result ? "GetAwaiter().GetResult()" : Called(invocation.TargetMethod), Task(kind, invocation)),
        _ => null,
    };

    private static BlockingKind? Kinds(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        return (method.ContainingType.Name, method.Name) switch
        {
            (_, "GetResult") when IsAwaiter(method.ContainingType) => BlockingKind.Result,
            ("Task", "Wait") when IsTask(method.ContainingType) => BlockingKind.Wait,
            ("Task", "WaitAll") when IsTask(method.ContainingType) => BlockingKind.WaitAll,
            ("Task", "WaitAny") when IsTask(method.ContainingType) => BlockingKind.WaitAny,
            ("Thread", "Sleep") when IsIn(method.ContainingType, "Threading") => BlockingKind.Sleep,
            ("Thread", "Join") or ("ManualResetEventSlim" or "CountdownEvent", "Wait") or ("Barrier", "SignalAndWait")
                when IsIn(method.ContainingType, "Threading") => BlockingKind.Other,
            ("WaitHandle", "WaitOne" or "WaitAll" or "WaitAny") when IsIn(method.ContainingType, "Threading") => BlockingKind.Other,
            ("SemaphoreSlim", "Wait") when IsIn(method.ContainingType, "Threading") => BlockingKind.Semaphore,
            ("Process", "WaitForExit") when IsIn(method.ContainingType, "Diagnostics") => BlockingKind.Process,
            (_, "ToBlockingEnumerable") when method.ContainingType.ContainingNamespace?.Name is "Tasks" or "Linq" => BlockingKind.Enumerate,
            _ => null,
        };
    }

    // The task under GetAwaiter, and under what says how to await it.
    private static IOperation? Task(BlockingKind kind, IInvocationOperation invocation) => kind switch
    {
        BlockingKind.Result when invocation.Instance is IInvocationOperation { TargetMethod.Name: "GetAwaiter", Instance: { } task } => task,
        BlockingKind.Result or BlockingKind.Wait => invocation.Instance,
        _ => null,
    };

    // In a pattern, which most often asks for the completion too, or in the name of something, nothing is said of it.
    private static bool IsValue(IOperation task) => task is not IInstanceReferenceOperation && task.Parent?.Parent is not INameOfOperation;

    // One that waits for no time at all only looks.
    private static bool IsPoll(IInvocationOperation invocation) => invocation.Arguments.Any(argument =>
        argument.Value.ConstantValue is { HasValue: true, Value: 0 }
        || argument.Value is IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } });

    private static bool IsTask(INamedTypeSymbol type) =>
        type.Name is "Task" or "ValueTask" && type.ContainingNamespace is { Name: "Tasks", ContainingNamespace.Name: "Threading" };

    private static bool IsAwaiter(INamedTypeSymbol type) =>
        type.Name is "TaskAwaiter" or "ValueTaskAwaiter" or "ConfiguredTaskAwaiter" or "ConfiguredValueTaskAwaiter"
        && type.ContainingNamespace is { Name: "CompilerServices", ContainingNamespace.Name: "Runtime" };

    private static bool IsIn(INamedTypeSymbol type, string space) =>
        type.ContainingNamespace is { ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } parent && parent.Name == space;

    private static string Called(IMethodSymbol method) => $"{method.ContainingType.Name}.{method.Name}";
}
