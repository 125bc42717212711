namespace Plugwire.Benchmarks.Contenders;

/// <summary>The contenders' names, as people read them and as the JSON has them.</summary>
internal static class ContenderTexts
{
    public static string Text(this ContenderName name) => name switch
    {
        ContenderName.Classic => "classic",
        ContenderName.Typed => "typed",
        ContenderName.Callback => "callback",
        ContenderName.GrpcDotnet => "grpc-dotnet",
        ContenderName.RawSocket => "raw socket",
        ContenderName.Harness => "harness",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "It is none of the contenders."),
    };
}
