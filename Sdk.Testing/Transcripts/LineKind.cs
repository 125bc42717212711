namespace Plugwire.Testing.Transcripts;

/// <summary>The second word of a transcript's line.</summary>
internal static class LineKind
{
    /// <summary>A call that this side makes: the method's path, and the number of the call from whose handler it is made, if it is.</summary>
    public const string Call = "call";

    /// <summary>A call that this side handles.</summary>
    public const string Serve = "serve";

    public const string Header = "header";
    public const string Request = "request";
    public const string EndOfRequests = "end-of-requests";
    public const string ResponseHeader = "response-header";
    public const string Response = "response";
    public const string Trailer = "trailer";
    public const string Status = "status";

    /// <summary>The caller has let the call go before its end.</summary>
    public const string Cancel = "cancel";

    public static bool IsStart(string kind) => kind is Call or Serve;

    /// <summary>Whether it is the caller that says it.</summary>
    public static bool IsCallers(string kind) => kind is Header or Request or EndOfRequests;

    public static bool IsEnd(string kind) => kind is Status or Cancel;

    public static bool IsKnown(string kind) => IsStart(kind) || IsCallers(kind) || IsEnd(kind) || kind is ResponseHeader or Response or Trailer;
}
