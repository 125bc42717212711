namespace Plugwire.Contracts.Generator;

/// <summary>The names of the pipeline's steps, by which tests see what an edit makes it do again.</summary>
internal static class GeneratorSteps
{
    public const string Readings = nameof(Readings);
    public const string Services = nameof(Services);
    public const string Names = nameof(Names);
    public const string Contracts = nameof(Contracts);
}
