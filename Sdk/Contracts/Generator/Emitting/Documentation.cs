using Plugwire.Contracts.Generator.Model;

namespace Plugwire.Contracts.Generator.Emitting;

/// <summary>Writes the documentation of a contract: the .proto's comments, or what is known without them.</summary>
internal static class Documentation
{
    public static void OfContract(SourceWriter writer, ContractModel contract) =>
        Comment(writer, contract.Service.Comment, $"The service <c>{contract.Service.ServiceName}</c>.");

    public static void OfMethod(SourceWriter writer, ContractModel contract, MethodModel method)
    {
        Comment(writer, method.Comment, $"The method <c>{method.Name}</c> of <c>{contract.Service.ServiceName}</c>.");
        writer.Line(method.Kind is CallKind.Unary or CallKind.ServerStreaming
            ? "/// <param name=\"request\">The request.</param>"
            : "/// <param name=\"requests\">The requests. They are enumerated once; their end is the end of the requests on the other side.</param>");
        writer.Line("/// <param name=\"call\">What travels with the call, beside its messages.</param>");
        writer.Line("/// <param name=\"cancellationToken\">Cancels the call.</param>");
        writer.Line(method.Kind is CallKind.Unary or CallKind.ClientStreaming
            ? "/// <returns>The response.</returns>"
            : "/// <returns>The responses. The call begins when they are enumerated, which is done once.</returns>");
    }

    // The first paragraph sums up; what follows explains.
    private static void Comment(SourceWriter writer, EquatableArray<string> lines, string otherwise)
    {
        if (lines.Count == 0)
        {
            writer.Line($"/// <summary>{otherwise}</summary>");
            return;
        }

        var paragraphs = Paragraphs(lines);
        Element(writer, "summary", paragraphs[0]);
        if (paragraphs.Count == 1)
            return;

        writer.Line("/// <remarks>");
        foreach (var paragraph in paragraphs.Skip(1))
            Element(writer, "para", paragraph);
        writer.Line("/// </remarks>");
    }

    private static void Element(SourceWriter writer, string name, List<string> lines)
    {
        if (lines.Count == 1)
        {
            writer.Line($"/// <{name}>{lines[0]}</{name}>");
            return;
        }

        writer.Line($"/// <{name}>");
        foreach (var line in lines)
            writer.Line($"/// {line}");
        writer.Line($"/// </{name}>");
    }

    private static List<List<string>> Paragraphs(EquatableArray<string> lines)
    {
        var paragraphs = new List<List<string>> { new() };
        foreach (var line in lines)
        {
            if (line.Length == 0)
                paragraphs.Add([]);
            else
                paragraphs[paragraphs.Count - 1].Add(line);
        }

        return paragraphs;
    }
}
