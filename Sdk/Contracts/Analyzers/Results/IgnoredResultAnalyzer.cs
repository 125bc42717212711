using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Plugwire.Contracts.Analyzers.Streams;

namespace Plugwire.Contracts.Analyzers.Results;

/// <summary>Names calls of a contract that nobody awaits, and those that are never made, as nobody enumerates their stream.</summary>
/// <remarks>A unary call that is assigned to a discard is made, and not awaited by somebody's decision: nothing is said of it.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class IgnoredResultAnalyzer() : ContractAnalyzer(Rules.IgnoredResult)
{
    protected override void Start(CompilationStartAnalysisContext context, ContractSymbols symbols)
    {
        context.RegisterOperationAction(operation => AnalyzeStatement(operation, symbols), OperationKind.ExpressionStatement);
        context.RegisterOperationAction(operation => AnalyzeDiscard(operation, symbols), OperationKind.SimpleAssignment);
    }

    private static void AnalyzeStatement(OperationAnalysisContext context, ContractSymbols symbols)
    {
        if (CallIn(((IExpressionStatementOperation)context.Operation).Operation, symbols) is { } call)
            Report(context, call, symbols);
    }

    private static void AnalyzeDiscard(OperationAnalysisContext context, ContractSymbols symbols)
    {
        if (context.Operation is ISimpleAssignmentOperation { Target: IDiscardOperation, Value: var value, Parent: IExpressionStatementOperation }
            && CallIn(value, symbols) is { } call
            && symbols.IsStream(call.TargetMethod.ReturnType))
        {
            Report(context, call, symbols);
        }
    }

    // The call whose result an expression is, as it is or made into another that nobody has read or awaited either.
    private static IInvocationOperation? CallIn(IOperation operation, ContractSymbols symbols)
    {
        while (true)
        {
            switch (Expressions.Bare(operation))
            {
                case IConditionalAccessOperation access:
                    operation = access.WhenNotNull;
                    break;
                case IInvocationOperation invocation when symbols.ContractMethodOf(invocation.TargetMethod) is not null:
                    return invocation;
                case IInvocationOperation invocation when StreamOperators.IsLazy(invocation, symbols) && Expressions.Inputs(invocation).FirstOrDefault() is { } input:
                    operation = input;
                    break;
                default:
                    return null;
            }
        }
    }

    private static void Report(OperationAnalysisContext context, IInvocationOperation call, ContractSymbols symbols)
    {
        var method = call.TargetMethod;
        var advice = symbols.IsStream(method.ReturnType)
            ? "the call begins when its stream is enumerated, and is never made"
            : "without an await nobody learns when the call has ended, and how";
        context.ReportDiagnostic(Diagnostic.Create(Rules.IgnoredResult, call.Syntax.GetLocation(), method.Name, advice));
    }
}
