using Plugwire.Benchmarks.Echo;
using Plugwire.Benchmarks.Workloads.Serving;

// The limit: what the socket itself takes, with nothing above it.
await PeerProgram.RunAsync(path => Task.FromResult<IAsyncDisposable>(new EchoServer(path)));
