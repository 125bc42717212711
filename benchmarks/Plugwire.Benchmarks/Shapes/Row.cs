namespace Plugwire.Benchmarks.Shapes;

/// <summary>One row of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">In what its figures are.</param>
/// <param name="Comparisons">What is made of its figures.</param>
internal sealed record Row(string Name, FigureUnit Unit, params IReadOnlyList<Comparison> Comparisons);
