namespace Plugwire.Testing.Fakes.Plugins;

/// <summary>How a plugin ends that does not start.</summary>
internal sealed record FakeRefusal(int ExitCode, string? Error);
