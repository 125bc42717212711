using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Plugwire.Contracts.Analyzers;

/// <summary>Expressions as the analyzers look at them.</summary>
internal static class Expressions
{
    /// <summary>An expression without what does not change its value: conversions and parentheses.</summary>
    public static IOperation Bare(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>What an invocation is given: the object it is called on and its arguments, in their order.</summary>
    public static IEnumerable<IOperation> Inputs(IInvocationOperation invocation)
    {
        var arguments = invocation.Arguments.Select(argument => argument.Value);
        return invocation.Instance is { } instance ? arguments.Prepend(instance) : arguments;
    }
}
