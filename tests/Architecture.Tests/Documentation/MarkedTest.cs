using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

/// <summary>A method that a trait, on itself or on its class, marks for a section of a page.</summary>
/// <param name="Family">The trait's name: a specification, or what else the page has a chapter for.</param>
/// <param name="Section">The trait's value.</param>
/// <param name="Name">Class and method.</param>
/// <param name="Runs">Whether it is a test that runs, at least where it can.</param>
/// <param name="Cases">The cases of a theory whose rows come from a dictionary of its class; none of another test.</param>
/// <param name="Place">File and line.</param>
internal sealed record MarkedTest(string Family, string Section, string Name, bool Runs, IReadOnlyList<string> Cases, string Place)
{
    public static IEnumerable<MarkedTest> In(SourceFile source, IReadOnlyCollection<string> families)
    {
        if (!source.Text.Contains("[Trait(", StringComparison.Ordinal))
            return [];

        return from type in source.Parse().GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<TypeDeclarationSyntax>()
               let ofType = Traits(type).ToList()
               from method in type.Members.OfType<MethodDeclarationSyntax>()
               let ofMethod = Traits(method).ToList()
               let isTest = Attributes(method).Any(IsTest)
               from trait in isTest ? ofType.Concat(ofMethod) : ofMethod
               where families.Contains(trait.Family)
               select new MarkedTest(
                   trait.Family,
                   trait.Section,
                   $"{type.Identifier.Text}.{method.Identifier.Text}",
                   isTest && !Attributes(method).Any(IsSkipped),
                   [.. CasesOf(type, method)],
                   $"{source.Path}:{method.Identifier.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");
    }

    private static IEnumerable<AttributeSyntax> Attributes(MemberDeclarationSyntax member) => member.AttributeLists.SelectMany(list => list.Attributes);

    private static IEnumerable<(string Family, string Section)> Traits(MemberDeclarationSyntax member)
    {
        foreach (var attribute in Attributes(member).Where(attribute => attribute.Name.ToString() == "Trait"))
        {
            if (attribute.ArgumentList!.Arguments is [{ Expression: LiteralExpressionSyntax family }, { Expression: LiteralExpressionSyntax section }])
                yield return (family.Token.ValueText, section.Token.ValueText);
        }
    }

    private static bool IsTest(AttributeSyntax attribute) =>
        attribute.Name.ToString().EndsWith("Fact", StringComparison.Ordinal) || attribute.Name.ToString().EndsWith("Theory", StringComparison.Ordinal);

    // Skipped for good; what is skipped under a condition runs where it can.
    private static bool IsSkipped(AttributeSyntax attribute)
    {
        var named = attribute.ArgumentList?.Arguments.Select(argument => argument.NameEquals?.Name.Identifier.Text).ToList() ?? [];
        return IsTest(attribute) && named.Contains("Skip") && !named.Contains("SkipWhen") && !named.Contains("SkipUnless");
    }

    // [MemberData(nameof(Rows))], where Rows is made of a field of the class, which is initialized with ["name"] = …
    private static IEnumerable<string> CasesOf(TypeDeclarationSyntax type, MethodDeclarationSyntax method)
    {
        var sources = Attributes(method).Where(attribute => attribute.Name.ToString() == "MemberData")
            .SelectMany(attribute => attribute.DescendantNodes().OfType<IdentifierNameSyntax>()).Select(name => name.Identifier.Text).ToHashSet();
        var used = type.Members.OfType<PropertyDeclarationSyntax>().Where(property => sources.Contains(property.Identifier.Text))
            .SelectMany(property => property.DescendantNodes().OfType<IdentifierNameSyntax>()).Select(name => name.Identifier.Text).ToHashSet();
        return type.Members.OfType<FieldDeclarationSyntax>().SelectMany(field => field.Declaration.Variables).Where(variable => used.Contains(variable.Identifier.Text))
            .SelectMany(variable => variable.DescendantNodes().OfType<ImplicitElementAccessSyntax>())
            .Select(access => access.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax name }] ? name.Token.ValueText : "").Where(name => name.Length > 0);
    }
}
