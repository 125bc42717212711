using Microsoft.CodeAnalysis;

namespace Plugwire.Contracts.Generator.Tests.GrpcTools;

public sealed class RefusedNameTests
{
    [Theory]
    [InlineData("Plain")]
    [InlineData("Other")]
    [InlineData("Rootless")]
    [InlineData("Hidden")]
    public void Service_OfWhichNothingIsToBeSaid_IsSilent(string proto)
    {
        Assert.Empty(GrpcToolsRun.Of(proto).Diagnostics);
    }

    [Theory]
    [InlineData("KeywordRpc", "The rpc's name 'class' is a keyword of C#, so what Grpc.Tools generates for the service 'examples.keywords.Keywords' does not compile. Rename the rpc in the .proto.")]
    [InlineData("KeywordService", "The service's name 'event' is a keyword of C#, so what Grpc.Tools generates for the service 'examples.keywords.event' does not compile. Rename the service in the .proto.")]
    [InlineData(
        "KeywordNamespace",
        "A part of the namespace is a keyword of C#, so what Grpc.Tools generates for the service 'examples.keyword_namespace.Keyworded' does not compile. Name another one in the .proto with the option csharp_namespace.")]
    public void Keyword_AsAName_IsNamed(string proto, string message)
    {
        var run = GrpcToolsRun.Of(proto);
        var diagnostic = Assert.Single(run.Diagnostics);

        Assert.Equal("PLUGW001", diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Equal(message, diagnostic.GetMessage(null));
        Assert.EndsWith("Grpc.cs", diagnostic.Location.GetLineSpan().Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_OfWhichGrpcToolsMakesNoCSharp_IsNamed()
    {
        var run = GrpcToolsRun.Of("Unusable");
        string[] expected =
        [
            "A service's class has a member 'BindService' of its own",
            "A service's class has a member 'Descriptor' of its own",
            "A type of C# cannot be named 'extension'",
            "A type of C# cannot be named 'file'",
            "A type of C# cannot be named 'required'",
            "A type of C# cannot be named 'scoped'",
            "The rpc 'CallInvoker' is named as something that its method in the client uses",
            "The rpc 'NestedBase' is named as the class that its method stands in",
            "The rpc 'NestedClient' is named as the class that its method stands in",
            "The rpc '__Method_Plain' is named as something that its method in the client uses",
            "The rpc 'cancellationToken' is named as something that its method in the client uses",
            "The rpc 'deadline' is named as something that its method in the client uses",
            "The rpc 'headers' is named as something that its method in the client uses",
            "The rpc 'request' is named as something that its method in the client uses",
        ];

        Assert.All(run.Diagnostics, diagnostic => Assert.Equal("PLUGW001", diagnostic.Id));
        Assert.Equal(expected, run.Diagnostics.Select(diagnostic => diagnostic.GetMessage(null).Split(", so what")[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("KeywordRpc")]
    [InlineData("KeywordService")]
    [InlineData("KeywordNamespace")]
    [InlineData("Unusable")]
    [InlineData("Colliding")]
    public void Proto_ThatIsAnError_DoesNotCompileWithoutUsEither(string proto)
    {
        // Where Grpc.Tools learns to write a name, its error has to go.
        var run = GrpcToolsRun.Of(proto);

        Assert.Contains(
            run.Before.GetDiagnostics(TestContext.Current.CancellationToken),
            diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.GetLineSpan().Path.EndsWith("Grpc.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void Rpcs_ThatCollideInTheClassicClient_AreNamed()
    {
        var run = GrpcToolsRun.Of("Colliding");

        Assert.Equal(
            [
                "The rpcs 'Get' and 'GetAsync' of the service 'examples.colliding.Colliding' both become GetAsync in the client that Grpc.Tools generates, so it does not compile. Rename one of them, or generate no client (GrpcServices=\"Server\").",
                "The rpcs 'List' and 'ListAsync' of the service 'examples.colliding.Colliding' both become ListAsync in the client that Grpc.Tools generates, so it does not compile. Rename one of them, or generate no client (GrpcServices=\"Server\").",
            ],
            Messages(run, "PLUGW002", DiagnosticSeverity.Error));
    }

    [Theory]
    [InlineData("Serving")]
    [InlineData("Calling")]
    public void Name_ThatOnlyTheOtherSideCannotHave_IsNoError(string proto)
    {
        Assert.DoesNotContain(GrpcToolsRun.Of(proto).Diagnostics, diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);
    }

    [Fact]
    public void Type_ThatHidesOurNamespace_IsNoMatterWithoutAService()
    {
        Assert.Empty(GrpcToolsRun.Of().Add("/own.cs", "public class Plugwire { }").Diagnostics);
    }

    private static IEnumerable<string> Messages(GrpcToolsRun run, string id, DiagnosticSeverity severity)
    {
        var found = run.Diagnostics.Where(diagnostic => diagnostic.Id == id).ToArray();
        Assert.All(found, diagnostic => Assert.Equal(severity, diagnostic.Severity));
        return found.Select(diagnostic => diagnostic.GetMessage(null));
    }
}
