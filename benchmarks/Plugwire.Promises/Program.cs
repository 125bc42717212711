using Plugwire.Promises;

return await PromiseCommand.RunAsync(args);
