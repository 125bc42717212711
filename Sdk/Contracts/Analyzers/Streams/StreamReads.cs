using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Plugwire.Contracts.Analyzers.Streams;

/// <summary>Finds in one body the streams of calls and what enumerates them, also under another name or behind operators that do not read.</summary>
/// <param name="block">The body.</param>
/// <param name="owner">The member it is the body of.</param>
/// <param name="requests">The parameter with the requests' stream, when the member handles calls.</param>
/// <param name="symbols">The contracts.</param>
internal sealed class StreamReads(IOperation block, ISymbol owner, IParameterSymbol? requests, ContractSymbols symbols)
{
    private readonly Dictionary<ISymbol, CallStream> _streams = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, IOperation> _values = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _assigned = new(SymbolEqualityComparer.Default);

    /// <summary>The streams, those that are made of others before these.</summary>
    public IEnumerable<CallStream> Read()
    {
        var operations = block.Descendants().ToArray();
        foreach (var operation in operations)
            Note(operation);

        if (requests is not null && !_assigned.Contains(requests))
            _streams.Add(requests, new CallStream(requests));
        foreach (var value in _values.Where(value => !_assigned.Contains(value.Key) && IsCall(value.Value)))
            _streams.Add(value.Key, new CallStream(value.Key));

        foreach (var operation in operations)
        {
            foreach (var source in Enumerated(operation))
                Enumerate(source);
        }

        return _streams.Values.OrderByDescending(stream => stream.Symbol.Locations[0].SourceSpan.Start);
    }

    private void Note(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation declarator when declarator.GetVariableInitializer() is { } initializer:
                _values[declarator.Symbol] = initializer.Value;
                break;
            case IAssignmentOperation assignment:
                _assigned.UnionWith(assignment.Target.DescendantsAndSelf().Select(SymbolOf).OfType<ISymbol>());
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument when SymbolOf(Expressions.Bare(argument.Value)) is { } symbol:
                _assigned.Add(symbol);
                break;
        }
    }

    // Whether a value is a stream that a call answers, which begins anew each time the value is made.
    private bool IsCall(IOperation value)
    {
        while (Expressions.Bare(value) is IInvocationOperation invocation)
        {
            if (symbols.ContractMethodOf(invocation.TargetMethod) is { } called)
                return symbols.IsStream(called.ReturnType);
            if (!StreamOperators.IsLazy(invocation, symbols) || Expressions.Inputs(invocation).FirstOrDefault() is not { } input)
                return false;
            value = input;
        }

        return false;
    }

    private IEnumerable<IOperation> Enumerated(IOperation operation) => operation switch
    {
        IForEachLoopOperation { IsAsynchronous: true } loop => [loop.Collection],
        IInvocationOperation invocation when StreamOperators.Reads(invocation, symbols) => Expressions.Inputs(invocation),
        _ => [],
    };

    // Whatever the value is made of is enumerated with it, at the place where the value itself is.
    private void Enumerate(IOperation value, IOperation? place = null)
    {
        value = Expressions.Bare(value);
        if (value is IInvocationOperation invocation)
        {
            if (!StreamOperators.IsLazy(invocation, symbols) && symbols.ContractMethodOf(invocation.TargetMethod) is null)
                return;
            foreach (var input in Expressions.Inputs(invocation))
                Enumerate(input, place);
            return;
        }

        if (SymbolOf(value) is not { } symbol || _assigned.Contains(symbol))
            return;

        place ??= value;
        if (_streams.TryGetValue(symbol, out var stream) && IsIn(place, stream.Function))
            stream.Reads.Add(new StreamRead(place));
        if (_values.TryGetValue(symbol, out var initial))
            Enumerate(initial, place);
    }

    private bool IsIn(IOperation operation, ISymbol function)
    {
        var around = operation.Parent;
        while (around is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
            around = around.Parent;
        var symbol = around switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            ILocalFunctionOperation local => local.Symbol,
            _ => owner,
        };
        return SymbolEqualityComparer.Default.Equals(symbol, function);
    }

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };
}
