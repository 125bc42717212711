using Plugwire.Testing.Command;

return await ConformanceCommand.RunAsync(args);
