namespace Plugwire.Hosting.Registration;

/// <summary>Says that an application has a plugin of that name.</summary>
internal sealed record PluginRegistration(string Name);
