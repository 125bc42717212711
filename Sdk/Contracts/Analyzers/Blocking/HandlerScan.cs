using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Plugwire.Contracts.Analyzers.Blocking;

/// <summary>One type that implements contracts: what blocks in its members, and which of them the handling of a call reaches.</summary>
internal sealed class HandlerScan(INamedTypeSymbol type, ContractSymbols symbols)
{
    private readonly ConcurrentBag<(ISymbol Member, BlockingWait Wait)> _waits = [];
    private readonly ConcurrentBag<(ISymbol Member, IMethodSymbol Called)> _calls = [];

    /// <summary>Takes an operation in; called by several threads.</summary>
    public void Add(OperationAnalysisContext context)
    {
        // Also a nested type's operations come here.
        if (!Same(context.ContainingSymbol.ContainingType, type))
            return;

        var operation = context.Operation;
        if (Called(operation) is { } called && !IsHandedToAThread(operation))
            _calls.Add((Member(context), called));
        if (BlockingWait.Of(operation) is { } wait && !IsHandedToAThread(operation) && !IsOver(wait, context.CancellationToken))
            _waits.Add((Member(context), wait));
    }

    /// <summary>Reports what blocks where a call is handled.</summary>
    public void Report(SymbolAnalysisContext context)
    {
        if (_waits.IsEmpty)
            return;

        var reached = Reached();
        foreach (var (member, wait) in _waits)
        {
            if (reached.TryGetValue(member, out var contract))
                context.ReportDiagnostic(Diagnostic.Create(Rules.Blocking, wait.Operation.Syntax.GetLocation(), wait.Name, contract.Name, wait.Advice));
        }
    }

    // Members that handle calls or are called by those that do, each with the contract whose calls these are.
    private Dictionary<ISymbol, INamedTypeSymbol> Reached()
    {
        var reached = new Dictionary<ISymbol, INamedTypeSymbol>(SymbolEqualityComparer.Default);
        var toFollow = new Queue<ISymbol>();
        foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (symbols.ContractMethodOf(method) is { } contractMethod)
                Reach(method, contractMethod.ContainingType);
        }

        var calls = _calls.ToLookup(call => call.Member, call => call.Called, SymbolEqualityComparer.Default);
        while (toFollow.Count > 0)
        {
            var member = toFollow.Dequeue();
            foreach (var called in calls[member])
                Reach(called, reached[member]);
        }

        return reached;

        void Reach(ISymbol member, INamedTypeSymbol contract)
        {
            if (reached.ContainsKey(member))
                return;
            reached.Add(member, contract);
            toFollow.Enqueue(member);
        }
    }

    private IMethodSymbol? Called(IOperation operation)
    {
        var called = operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IMethodReferenceOperation reference => reference.Method,
            IPropertyReferenceOperation reference => reference.Property.GetMethod,
            _ => null,
        };
        return Same(called?.ContainingType.OriginalDefinition, type) ? called!.OriginalDefinition : null;
    }

    // A local function counts as a member: it blocks whoever calls it, which need not be the method around it.
    private static ISymbol Member(OperationAnalysisContext context)
    {
        for (var operation = context.Operation.Parent; operation is not null; operation = operation.Parent)
        {
            if (operation is ILocalFunctionOperation function)
                return function.Symbol;
        }

        return context.ContainingSymbol;
    }

    private static bool IsOver(BlockingWait wait, CancellationToken cancellationToken) =>
        wait.Awaited is { } task && KnownCompletion.IsOf(task, cancellationToken);

    // Who hands a function to Task.Run or to a thread of its own has decided where it is to block.
    private static bool IsHandedToAThread(IOperation operation)
    {
        for (var function = Function(operation); function is not null; function = Function(function.Parent))
        {
            var user = function.Parent;
            while (user is IDelegateCreationOperation or IConversionOperation or IArgumentOperation or IParenthesizedOperation)
                user = user.Parent;
            if (user is IInvocationOperation { TargetMethod: { Name: "Run" or "StartNew" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem", ContainingType.Name: "Task" or "TaskFactory" or "ThreadPool" } }
                or IObjectCreationOperation { Type.Name: "Thread" })
            {
                return true;
            }
        }

        return false;
    }

    private static IOperation? Function(IOperation? operation)
    {
        while (operation is not (null or IAnonymousFunctionOperation or IMethodReferenceOperation))
            operation = operation.Parent;
        return operation;
    }

    private static bool Same(ISymbol? one, ISymbol? other) => SymbolEqualityComparer.Default.Equals(one, other);
}
