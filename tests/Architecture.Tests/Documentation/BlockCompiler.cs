using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Documentation;

/// <summary>Compiles a C# block of a document as its reader would: as a program, or as members of a class when it is no program.</summary>
internal static class BlockCompiler
{
    private const string Statements = "CS8803"; // A block may show a type first and the statements that use it below.

    private static readonly string[] Namespaces =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks",
        "Plugwire", "Plugwire.Hosting", "Grpc.Core", "Grpc.Core.Interceptors", "Examples.Greeting",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    private static readonly Lazy<string> Usings = new(FindNamespaces);

    public static IEnumerable<string> Errors(MarkdownBlock block)
    {
        var asProgram = Compile(block, wrap: false);
        if (asProgram.Length == 0)
            return [];

        var asMembers = Compile(block, wrap: true);
        return asMembers.Length == 0 ? [] : asProgram.Concat(asMembers.Length < asProgram.Length ? asMembers : []);
    }

    private static string[] Compile(MarkdownBlock block, bool wrap)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var unit = CSharpSyntaxTree.ParseText(block.Code, options).GetCompilationUnitRoot(TestContext.Current.CancellationToken);
        var usings = string.Join('\n', unit.Usings.Select(directive => directive.ToString()));

        // Usings come first whatever is put before the block; the lines that they leave behind keep the rest at its place.
        var body = string.Concat(unit.Usings.Reverse().Aggregate(block.Code, (code, directive) =>
            code.Remove(directive.Span.Start, directive.Span.Length).Insert(directive.Span.Start, new string(' ', directive.Span.Length))));
        var text = wrap
            ? $"{usings}\npartial class Block\n{{\n{block.Given}\n#line {block.Line} \"{block.Path}\"\n{body}\n#line hidden\n}}"
            : $"{usings}\n{block.Given}\n#line {block.Line} \"{block.Path}\"\n{body}";
        var tree = CSharpSyntaxTree.ParseText(text, options, "block.cs");
        var isProgram = tree.GetRoot(TestContext.Current.CancellationToken).ChildNodes().OfType<GlobalStatementSyntax>().Any();
        var compilation = CSharpCompilation.Create(
            "Block",
            [tree, CSharpSyntaxTree.ParseText(Usings.Value, options, "usings.cs")],
            ProjectCompilation.References,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != Statements)
            .Select(diagnostic => $"{Place(diagnostic)}: {diagnostic.Id} {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}")];

        string Place(Diagnostic diagnostic)
        {
            var place = diagnostic.Location.GetMappedLineSpan();
            return place.HasMappedPath ? $"{place.Path}:{place.StartLinePosition.Line + 1}" : $"{block} (what is given above it)";
        }
    }

    private static string FindNamespaces()
    {
        var empty = CSharpCompilation.Create("Empty", references: ProjectCompilation.References);
        return string.Join('\n', Namespaces.Where(Exists).Select(name => $"global using {name};"));

        bool Exists(string name)
        {
            INamespaceSymbol? space = empty.GlobalNamespace;
            foreach (var part in name.Split('.'))
                space = space?.GetNamespaceMembers().FirstOrDefault(child => child.Name == part);
            return space is not null;
        }
    }
}
