using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Plugwire.Contracts.Analyzers.Blocking;

/// <summary>Tells whether a task is known to have ended where its result is taken, as far as that can be read: in doubt it is.</summary>
internal static class KnownCompletion
{
    /// <param name="task">The task whose result is taken.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static bool IsOf(IOperation task, CancellationToken cancellationToken)
    {
        task = Bare(task);
        if (task is IAwaitOperation or IInvocationOperation { TargetMethod: { IsStatic: true, Name: "FromResult" or "FromException" or "FromCanceled" } })
            return true;

        var symbol = SymbolOf(task);
        if (symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } })
            return true; // Of whoever calls the lambda; most often a continuation.

        return Root(task).Descendants()
            .TakeWhile(_ => !cancellationToken.IsCancellationRequested)
            .Any(other => other.Syntax.SpanStart < task.Syntax.SpanStart && Shows(other, symbol));
    }

    private static bool Shows(IOperation earlier, ISymbol? symbol) => earlier switch
    {
        // After these any task may be one that they have waited for.
        IInvocationOperation { TargetMethod: { Name: "WhenAll" or "WhenAny" or "WhenEach", ContainingType.Name: "Task" } } => true,
        _ when symbol is null => false,
        IAwaitOperation awaited => Names(awaited.Operation, symbol),
        IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully" or "IsFaulted" or "IsCanceled" or "Status", Instance: { } instance } =>
            Names(Bare(instance), symbol),
        IVariableDeclaratorOperation declarator => Is(declarator.Symbol, symbol) && declarator.GetVariableInitializer()?.Value is { } value && Bare(value) is IAwaitOperation,
        ISimpleAssignmentOperation assignment => Is(SymbolOf(assignment.Target), symbol) && Bare(assignment.Value) is IAwaitOperation,
        _ => false,
    };

    private static bool Names(IOperation operation, ISymbol symbol) => operation.DescendantsAndSelf().Any(part => Is(SymbolOf(part), symbol));

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        _ => null,
    };

    // A task under what says how to await it.
    private static IOperation Bare(IOperation operation)
    {
        while (true)
        {
            switch (Expressions.Bare(operation))
            {
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Preserve" or "GetAwaiter", Instance: { } instance }:
                    operation = instance;
                    break;
                case IConditionalAccessInstanceOperation instance when Accessed(instance) is { } accessed:
                    operation = accessed;
                    break;
                case var bare:
                    return bare;
            }
        }
    }

    private static IOperation? Accessed(IOperation instance)
    {
        var (child, parent) = (instance, instance.Parent);
        while (parent is not null && !(parent is IConditionalAccessOperation access && access.WhenNotNull == child))
            (child, parent) = (parent, parent.Parent);
        return (parent as IConditionalAccessOperation)?.Operation;
    }

    private static IOperation Root(IOperation operation)
    {
        while (operation.Parent is { } parent)
            operation = parent;
        return operation;
    }

    private static bool Is(ISymbol? one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
