using System.CommandLine;
using Plugwire.WireTarget;

var port = new Option<int?>("--port") { Description = "Listens on this port of 127.0.0.1; 0 takes a free one.", HelpName = "number" };
var socket = new Option<string?>("--socket") { Description = "Listens on a Unix socket that is made there.", HelpName = "path" };
var server = new Command("server", "Answers each request with 200 and one byte, over HTTP/2 with prior knowledge. Prints its address first, and ends when it is interrupted.") { port, socket };
server.Validators.Add(result =>
{
    if (result.GetValue(port) is null == result.GetValue(socket) is null)
        result.AddError("Give either --port or --socket.");
});
server.SetAction((parsed, cancellationToken) => TargetServer.RunAsync(parsed.GetValue(port), parsed.GetValue(socket), cancellationToken));

var address = new Option<string>("--address") { Description = "The server: HOST:PORT, or the path of a Unix socket.", HelpName = "address", Required = true };
var requests = new Option<long?>("--requests") { Description = "Ends after so many requests; goes on until it is interrupted without it.", HelpName = "number" };
var client = new Command("client", "Connects, asks for /, prints what came of it, and begins again.") { address, requests };
client.SetAction((parsed, cancellationToken) => TargetClient.RunAsync(parsed.GetValue(address)!, parsed.GetValue(requests), cancellationToken));

return await new RootCommand("Targets for tools that test HTTP/2, such as h2spec, on Plugwire's wire.") { server, client }.Parse(args).InvokeAsync();
