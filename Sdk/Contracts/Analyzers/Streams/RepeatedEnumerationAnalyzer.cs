using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Plugwire.Contracts.Analyzers.Streams;

/// <summary>Names streams of calls that are enumerated a second time, where it can be read that both enumerations take place.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class RepeatedEnumerationAnalyzer() : ContractAnalyzer(Rules.RepeatedEnumeration)
{
    protected override void Start(CompilationStartAnalysisContext context, ContractSymbols symbols) =>
        context.RegisterOperationBlockStartAction(block => Start(block, symbols));

    private static void Start(OperationBlockStartAnalysisContext context, ContractSymbols symbols)
    {
        var method = context.OwningSymbol as IMethodSymbol;
        var requests = method?.Parameters.FirstOrDefault(parameter => symbols.IsStream(parameter.Type) && symbols.ContractMethodOf(method) is not null);
        var hasStreams = requests is not null;
        if (!hasStreams)
        {
            context.RegisterOperationAction(
                operation => hasStreams = hasStreams || IsStreamingCall((IInvocationOperation)operation.Operation, symbols), OperationKind.Invocation);
        }

        context.RegisterOperationBlockEndAction(end =>
        {
            if (!hasStreams)
                return;

            foreach (var block in end.OperationBlocks)
                Analyze(end, block, new StreamReads(block, end.OwningSymbol, requests, symbols));
        });
    }

    private static void Analyze(OperationBlockAnalysisContext context, IOperation block, StreamReads streams)
    {
        // What is enumerated through another stream, as the requests of a call are, is reported as that one alone.
        var reported = new HashSet<IOperation>();
        foreach (var stream in streams.Read())
        {
            // Without a loop it takes two.
            if (stream.Reads.Count < 2 && !stream.Reads.Any(read => IsInLoop(read.Reference)))
                continue;

            var graph = FlowPaths.GraphOf(context.GetControlFlowGraph(block), context.OwningSymbol, stream.Function, context.CancellationToken);
            if (graph is null)
                continue;

            var paths = new FlowPaths(graph, stream.Symbol);
            foreach (var read in stream.Reads.Where(read => !reported.Contains(read.Reference)))
            {
                var earlier = stream.Reads.FirstOrDefault(other => other != read && paths.BothRun(other.Reference.Syntax, read.Reference.Syntax));
                if (earlier is not null)
                    Report(stream.Symbol, read, earlier, "a second time");
                else if (paths.RunsAgain(read.Reference.Syntax))
                    Report(stream.Symbol, read, read, "again in each round of the loop");
            }
        }

        void Report(ISymbol symbol, StreamRead read, StreamRead earlier, string how)
        {
            reported.Add(read.Reference);
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.RepeatedEnumeration,
                read.Reference.Syntax.GetLocation(),
                [earlier.Reference.Syntax.GetLocation()],
                ImmutableDictionary<string, string?>.Empty.Add(Rules.StreamProperty, symbol.Name),
                symbol.Name,
                how));
        }
    }

    private static bool IsStreamingCall(IInvocationOperation invocation, ContractSymbols symbols) =>
        symbols.IsStream(invocation.TargetMethod.ReturnType) && symbols.ContractMethodOf(invocation.TargetMethod) is not null;

    private static bool IsInLoop(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILoopOperation or ILabeledOperation)
                return true;
        }

        return false;
    }
}
