using Plugwire.Architecture.Tests.Tree;

namespace Plugwire.Architecture.Tests.PublicApi;

public sealed class PublicTypesTests
{
    [Theory]
    [MemberData(nameof(ProductProject.Names), MemberType = typeof(ProductProject))]
    public void Product_AsItIs_HasOnePublicTypeAFile(string assemblyName)
    {
        Rule.Holds(PublicTypes.Violations(ProductProject.Named(assemblyName).Sources()));
    }

    [Theory]
    [InlineData("Plugin.cs", "namespace P; public class Plugin; public enum State { On }", "2 public types (Plugin, State)")]
    [InlineData("Plugin.cs", "namespace P { public record Plugin; } public delegate void Ended();", "2 public types (Plugin, Ended)")]
    [InlineData("Types.cs", "namespace P; public class Plugin;", "looked for in Plugin.cs")]
    public void File_WithPublicTypesOutOfPlace_IsNamed(string path, string text, string expected)
    {
        Assert.Contains(expected, Assert.Single(PublicTypes.Violations([new SourceFile(path, text)])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Plugin.cs", "namespace P; public partial class Plugin { public enum Kind { A } } internal class Other;")]
    [InlineData("Plugin.Stop.cs", "namespace P; public partial class Plugin;")]
    [InlineData("Anything.cs", "namespace P; internal class One; internal class Two;")]
    public void File_WithOneAndItsName_IsFine(string path, string text)
    {
        Rule.Holds(PublicTypes.Violations([new SourceFile(path, text)]));
    }
}
