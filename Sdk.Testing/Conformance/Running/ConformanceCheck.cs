namespace Plugwire.Testing.Conformance.Running;

/// <summary>A case and what runs it: it ends when the requirement is met, and throws <see cref="CaseFailedException"/> or <see cref="CaseSkippedException"/> when not.</summary>
/// <param name="Case">The case.</param>
/// <param name="RunAsync">Runs it against a subject, until the token ends its budget.</param>
/// <param name="Alone">Whether nothing may run beside it.</param>
/// <typeparam name="TSubject">What is looked at, and how to start it.</typeparam>
internal sealed record ConformanceCheck<TSubject>(ConformanceCase Case, Func<TSubject, CancellationToken, Task> RunAsync, bool Alone = false);
