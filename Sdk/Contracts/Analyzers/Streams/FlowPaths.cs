using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Plugwire.Contracts.Analyzers.Streams;

/// <summary>Tells of two places in a function whether both run in one call of it, with the same value of a variable. In doubt they do not.</summary>
internal sealed class FlowPaths
{
    private readonly ControlFlowGraph _graph;
    private readonly Dictionary<SyntaxNode, Place> _places = [];
    private readonly Place? _made;

    /// <param name="graph">The function's graph.</param>
    /// <param name="variable">A local or parameter of it, which is assigned once.</param>
    public FlowPaths(ControlFlowGraph graph, ISymbol variable)
    {
        _graph = graph;
        var index = 0;
        foreach (var block in graph.Blocks)
        {
            var operations = block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations;
            foreach (var operation in operations.SelectMany(operation => operation.DescendantsAndSelf()))
            {
                var place = new Place(block, index++);
                if (operation is ILocalReferenceOperation or IParameterReferenceOperation)
                    _places[operation.Syntax] = place;
                if (operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation { IsDeclaration: true } target }
                    && SymbolEqualityComparer.Default.Equals(target.Local, variable))
                {
                    _made = place;
                }
            }
        }
    }

    /// <summary>The graph of a function in a member's body; null where it has none.</summary>
    public static ControlFlowGraph? GraphOf(ControlFlowGraph graph, ISymbol owner, ISymbol function, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (SymbolEqualityComparer.Default.Equals(owner, function))
            return graph;

        foreach (var local in graph.LocalFunctions)
        {
            if (GraphOf(graph.GetLocalFunctionControlFlowGraph(local, cancellationToken), local, function, cancellationToken) is { } found)
                return found;
        }

        var lambdas = graph.Blocks
            .SelectMany(block => block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations)
            .SelectMany(operation => operation.DescendantsAndSelf())
            .OfType<IFlowAnonymousFunctionOperation>();
        foreach (var lambda in lambdas)
        {
            if (GraphOf(graph.GetAnonymousFunctionControlFlowGraph(lambda, cancellationToken), lambda.Symbol, function, cancellationToken) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Whether the second place runs after the first: on every way to it or from it, so that no condition keeps them apart.</summary>
    public bool BothRun(SyntaxNode first, SyntaxNode second) =>
        _places.TryGetValue(first, out var one)
        && _places.TryGetValue(second, out var other)
        && Leads(one, other)
        && (one.Block == other.Block || IsOnEveryWay(Entry, one.Block, other.Block) || IsOnEveryWay(one.Block, other.Block, Exit));

    /// <summary>Whether a place runs in every round of a loop around it.</summary>
    public bool RunsAgain(SyntaxNode node) =>
        _places.TryGetValue(node, out var place)
        && Leads(place, place)
        && _graph.Blocks.Any(first => LastOfLoop(first) is { Length: > 0 } ends && ends.All(last => IsInEveryRound(place.Block, first, last)));

    private BasicBlock Entry => _graph.Blocks[0];

    private BasicBlock Exit => _graph.Blocks[_graph.Blocks.Length - 1];

    // A loop is what is entered at its first block only: those that go back to it.
    private BasicBlock[] LastOfLoop(BasicBlock first) =>
        [.. _graph.Blocks.Where(last => Successors(last).Contains(first) && (first == last || IsOnEveryWay(Entry, first, last)))];

    private bool IsInEveryRound(BasicBlock block, BasicBlock first, BasicBlock last) =>
        block == last
        || ((block == first || IsReached(block, last, leftOut: first)) && IsOnEveryWay(Entry, block, last));

    private static bool IsOnEveryWay(BasicBlock from, BasicBlock block, BasicBlock to) => IsReached(from, to, leftOut: null) && !IsReached(from, to, block);

    // Whether there is a way from one place to another on which the variable is not made anew.
    private bool Leads(Place from, Place to) => from.Block == to.Block && from.Index < to.Index
        ? !IsMade(from.Block, from.Index, to.Index)
        : !IsMade(from.Block, from.Index, int.MaxValue) && !IsMade(to.Block, -1, to.Index) && IsReached(from.Block, to.Block, _made?.Block);

    private bool IsMade(BasicBlock block, int after, int before) => _made is { } made && made.Block == block && after < made.Index && made.Index < before;

    // By one step or more, never through the block that is left out.
    private static bool IsReached(BasicBlock from, BasicBlock to, BasicBlock? leftOut)
    {
        var seen = new HashSet<BasicBlock>();
        var toFollow = new Stack<BasicBlock>([from]);
        while (toFollow.Count > 0)
        {
            var block = toFollow.Pop();
            foreach (var next in Successors(block))
            {
                if (next == to)
                    return true;
                if (next != leftOut && seen.Add(next))
                    toFollow.Push(next);
            }
        }

        return false;
    }

    // Not the way that a constant condition never takes.
    private static IEnumerable<BasicBlock> Successors(BasicBlock block)
    {
        var always = block.ConditionKind != ControlFlowConditionKind.None && block.BranchValue?.ConstantValue is { HasValue: true, Value: bool value }
            ? value == (block.ConditionKind == ControlFlowConditionKind.WhenTrue)
            : (bool?)null;
        if (always != true && block.FallThroughSuccessor?.Destination is { } next)
            yield return next;
        if (always != false && block.ConditionalSuccessor?.Destination is { } branch)
            yield return branch;
    }

    private readonly struct Place(BasicBlock block, int index)
    {
        public BasicBlock Block { get; } = block;

        public int Index { get; } = index;
    }
}
