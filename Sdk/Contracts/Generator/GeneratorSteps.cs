namespace Plugwire.Contracts.Generator;

/// <summary>The names of the pipeline's steps, by which tests see what an edit makes it do again.</summary>
internal static class GeneratorSteps
{
    public const string Services = nameof(Services);
    public const string Contracts = nameof(Contracts);
}
