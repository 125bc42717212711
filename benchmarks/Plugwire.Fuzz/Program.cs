using Plugwire.Fuzz;

return await FuzzCommand.RunAsync(args);
