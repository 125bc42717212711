namespace Plugwire.Shapes;

/// <summary>A method: its messages by their full names, and its kind.</summary>
internal sealed record MethodShape(string Name, string Request, string Response, bool StreamsRequests, bool StreamsResponses)
{
    public string Kind => (StreamsRequests, StreamsResponses) switch
    {
        (false, false) => "unary",
        (true, false) => "client stream",
        (false, true) => "server stream",
        (true, true) => "duplex stream",
    };
}
