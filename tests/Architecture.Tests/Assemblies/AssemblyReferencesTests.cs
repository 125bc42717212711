using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.Assemblies;

public sealed class AssemblyReferencesTests
{
    [Theory]
    [InlineData("Plugwire.Wire")]
    [InlineData("Plugwire.Sdk")]
    [InlineData("Plugwire.PluginHost")]
    public void Product_AsBuilt_NeedsNeitherAspNetCoreNorHttpClient(string assemblyName)
    {
        Assert.Contains("System.Runtime", Beside(assemblyName)!);
        Rule.Holds(AssemblyReferences.Violations(assemblyName, Beside));
    }

    [Fact]
    public void SdkAndPluginHost_AsBuilt_DoNotKnowEachOther()
    {
        Assert.DoesNotContain("Plugwire.PluginHost", Beside("Plugwire.Sdk")!);
        Assert.DoesNotContain("Plugwire.Sdk", Beside("Plugwire.PluginHost")!);
    }

    [Fact]
    public void Assembly_UsingHttpClient_IsNamed()
    {
        using var assembly = Emit("public class C { public System.Net.Http.HttpClient? Client; }");
        var references = AssemblyReferences.Of(assembly);

        Assert.Equal("Broken references System.Net.Http: the wire is our own HTTP/2.", Assert.Single(AssemblyReferences.Violations("Broken", _ => references)));
    }

    [Fact]
    public void Assembly_BringingAspNetCoreThroughAPackage_IsNamedWithTheWay()
    {
        var violation = Assert.Single(AssemblyReferences.Violations("Broken", name => name switch
        {
            "Broken" => ["System.Runtime", "Some.Package"],
            "Some.Package" => ["Microsoft.AspNetCore.Http.Abstractions"],
            _ => null,
        }));

        Assert.StartsWith("Broken -> Some.Package -> Microsoft.AspNetCore.Http.Abstractions", violation, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string>? Beside(string assemblyName) =>
        Path.Combine(AppContext.BaseDirectory, assemblyName + ".dll") is var path && File.Exists(path) ? AssemblyReferences.Of(path) : null;

    private static MemoryStream Emit(string source)
    {
        var assembly = new MemoryStream();
        var result = ProjectCompilation.Of([new SourceFile("/c.cs", source)])
            .WithOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable))
            .Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        assembly.Position = 0;
        return assembly;
    }
}
