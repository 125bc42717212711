using Plugwire.Benchmarks.Contenders;

namespace Plugwire.Benchmarks.Shapes;

/// <summary>Two figures of one row, or one figure and a number.</summary>
/// <param name="Text">What is compared.</param>
/// <param name="Goal">What it is to come to; null where nobody has set a goal.</param>
/// <param name="Contenders">Whose figures it takes.</param>
/// <param name="Compare">From the figures of one round, in the order of the contenders.</param>
internal sealed record Comparison(string Text, Goal? Goal, IReadOnlyList<ContenderName> Contenders, Func<double[], double> Compare)
{
    /// <summary>A figure as it is, where there is nobody to compare it with.</summary>
    public static Comparison Figure(ContenderName of, Goal goal) => new(of.Text(), goal, [of], static figures => figures[0]);

    /// <summary>How many times the one is of the other.</summary>
    public static Comparison Ratio(ContenderName of, ContenderName to, Goal? goal = null) =>
        new($"{of.Text()} / {to.Text()}", goal, [of, to], static figures => figures[0] / figures[1]);

    /// <summary>By how much the one exceeds the other.</summary>
    public static Comparison Excess(ContenderName of, ContenderName over, Goal goal) =>
        new($"{of.Text()} - {over.Text()}", goal, [of, over], static figures => figures[0] - figures[1]);

    /// <summary>By how much the one exceeds a number.</summary>
    public static Comparison Excess(ContenderName of, double number, string numberText, Goal goal) =>
        new($"{of.Text()} - {numberText}", goal, [of], figures => figures[0] - number);
}
