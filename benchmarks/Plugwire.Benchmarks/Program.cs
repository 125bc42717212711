using Plugwire.Benchmarks;

return await BenchmarkCommand.RunAsync(args);
