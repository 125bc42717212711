using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace Plugwire.Packaging.Tests;

public sealed class PackageContentTests(PackedFeed feed)
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> Packages => [.. PackedFeed.Packages];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_Always_CarriesLicenceReadmeAndDescription(string package)
    {
        using var archive = feed.Open(package);
        var metadata = Metadata(archive);

        Assert.Equal("Apache-2.0", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.NotNull(archive.GetEntry("README.md"));
        Assert.NotEqual("Package Description", Value(metadata, "description"));
        Assert.NotEmpty(Value(metadata, "tags"));
        Assert.NotEmpty(Value(metadata, "authors"));
    }

    [Theory]
    [InlineData("Plugwire.Wire", "net10.0", "net9.0")]
    [InlineData("Plugwire.Contracts", "net10.0", "net9.0")]
    [InlineData("Plugwire.Sdk", "net10.0", "net9.0")]
    [InlineData("Plugwire.PluginHost", "net10.0")]
    [InlineData("Plugwire.Sdk.Testing", "net10.0")]
    [InlineData("Plugwire.Sdk.Testing.Xunit", "net10.0")]
    public void Package_ForEachFramework_HasAssemblyDocumentationAndSymbols(string package, params string[] frameworks)
    {
        using var archive = feed.Open(package);
        using var symbols = feed.Open(package, "snupkg");

        Assert.Equal(frameworks.Select(framework => $"lib/{framework}/{package}.dll").Order(), Files(archive, ".dll").Where(file => file.StartsWith("lib/", StringComparison.Ordinal)));
        Assert.Equal(frameworks.Select(framework => $"lib/{framework}/{package}.xml").Order(), Files(archive, ".xml").Where(file => file.StartsWith("lib/", StringComparison.Ordinal)));
        Assert.Equal(frameworks.Select(framework => $"lib/{framework}/{package}.pdb").Order(), Files(symbols, ".pdb"));
    }

    [Theory]
    [InlineData("Plugwire.Wire")]
    [InlineData("Plugwire.Contracts")]
    [InlineData("Plugwire.Sdk", "Plugwire.Contracts", "Plugwire.Wire")]
    [InlineData("Plugwire.PluginHost", "Plugwire.Contracts", "Plugwire.Wire")]
    [InlineData("Plugwire.Sdk.Testing", "Plugwire.PluginHost", "Plugwire.Sdk")]
    [InlineData("Plugwire.Sdk.Testing.Xunit", "Plugwire.Sdk.Testing")]
    public void Package_OnOursItStandsOn_AsksForExactlyItsOwnVersion(string package, params string[] ours)
    {
        using var archive = feed.Open(package);
        var groups = Metadata(archive).Descendants().Where(element => element.Name.LocalName == "group").ToArray();

        Assert.NotEmpty(groups);
        Assert.All(groups, group =>
        {
            var dependencies = group.Elements()
                .Where(dependency => ((string)dependency.Attribute("id")!).StartsWith("Plugwire.", StringComparison.Ordinal))
                .ToArray();
            Assert.Equal(ours, dependencies.Select(dependency => (string)dependency.Attribute("id")!));
            Assert.All(dependencies, dependency => Assert.Equal($"[{feed.Version}]", (string)dependency.Attribute("version")!));
        });
    }

    [Fact]
    public void Contracts_Always_CarryGeneratorAnalyzersAndFixesForTheCompiler()
    {
        using var archive = feed.Open("Plugwire.Contracts");

        Assert.Equal(
            ["analyzers/dotnet/cs/Plugwire.Contracts.Analyzers.dll", "analyzers/dotnet/cs/Plugwire.Contracts.CodeFixes.dll", "analyzers/dotnet/cs/Plugwire.Contracts.Generator.dll"],
            Files(archive, ".dll").Where(file => file.StartsWith("analyzers/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Plugwire.Sdk")]
    [InlineData("Plugwire.PluginHost")]
    public void Package_OnContracts_HandsGeneratorAndAnalyzersOn(string package)
    {
        using var archive = feed.Open(package);
        var contracts = Metadata(archive).Descendants().Where(element => (string?)element.Attribute("id") == "Plugwire.Contracts").ToArray();

        Assert.NotEmpty(contracts);
        Assert.All(contracts, dependency => Assert.DoesNotContain("Analyzers", (string?)dependency.Attribute("exclude") ?? "", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_Always_BringsNoFrameworkAndNoBuildTool(string package)
    {
        using var archive = feed.Open(package);
        var metadata = Metadata(archive);

        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "frameworkReference");
        var dependencies = metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string)element.Attribute("id")!);
        Assert.DoesNotContain(dependencies, id =>
            id is "Grpc.Tools" || id.Contains("Analyzers", StringComparison.Ordinal) || id.Contains("AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Symbols_OfGeneratedSources_HoldTheSources()
    {
        // What the contracts generate stands in no repository: a debugger finds it only here.
        using var symbols = feed.Open("Plugwire.Wire", "snupkg");
        using var entry = symbols.GetEntry("lib/net10.0/Plugwire.Wire.pdb")!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        content.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(content);
        var pdb = provider.GetMetadataReader();

        var embedded = pdb.CustomDebugInformation.Select(pdb.GetCustomDebugInformation)
            .Where(information => information.Parent.Kind == HandleKind.Document && pdb.GetGuid(information.Kind) == EmbeddedSource)
            .Select(information => pdb.GetString(pdb.GetDocument((DocumentHandle)information.Parent).Name));

        Assert.Contains(embedded, name => name.EndsWith("Health.cs", StringComparison.Ordinal));
    }

    private static string[] Files(ZipArchive archive, string extension) =>
        [.. archive.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(extension, StringComparison.Ordinal)).Order()];

    private static XElement Metadata(ZipArchive archive)
    {
        using var stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
}
