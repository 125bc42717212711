using Examples.Inspect;

return await InspectCommand.RunAsync(args);
