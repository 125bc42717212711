using System.Text.Json;
using Plugwire.Benchmarks.Contenders;
using Plugwire.Benchmarks.Measuring;
using Plugwire.Benchmarks.Reporting;
using Plugwire.Benchmarks.Shapes;

namespace Plugwire.Benchmarks;

/// <summary>One run: starts the contenders, measures shape by shape, ends them, reports.</summary>
internal sealed class BenchmarkRun(BenchmarkOptions options)
{
    /// <summary>Throws <see cref="BenchmarkException"/> when something fails. The processes that it starts end before it does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var shapes = ChooseShapes();
        CheckOutput();
        var machine = Machine.Look();
        var rows = new List<ReportRow>();
        await using (var contenders = await RunningContenders.StartAsync(cancellationToken))
        {
            var loop = new MeasuringLoop(contenders, options.Measuring);
            foreach (var (index, shape) in shapes.Index())
            {
                await Console.Error.WriteLineAsync($"{index + 1} of {shapes.Count}: {shape.Name}");
                rows.AddRange(ReportRows.Of(shape, await loop.MeasureAsync(shape, cancellationToken)));
            }
        }

        var report = new Report(machine.LookAgain(), options.Measuring.Rounds, options.Measuring.RoundTime.TotalSeconds, rows);
        ReportTable.Print(report);
        await WriteAsync(report, cancellationToken);
    }

    private IReadOnlyList<Shape> ChooseShapes()
    {
        if (options.Filter is not { } filter)
            return AllShapes.All;

        Shape[] chosen = [.. AllShapes.All.Where(shape => shape.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        return chosen.Length > 0
            ? chosen
            : throw new BenchmarkException($"No row has '{filter}' in its name. The rows are:\n  {string.Join("\n  ", AllShapes.All.Select(shape => shape.Name))}");
    }

    // Before minutes of measuring, not behind them.
    private void CheckOutput()
    {
        if (options.Output is { } file && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            throw new BenchmarkException($"The figures cannot be written to '{file}': there is no such directory.");
    }

    private async Task WriteAsync(Report report, CancellationToken cancellationToken)
    {
        if (options.Output is not { } path)
            return;

        try
        {
            await using var file = File.Create(path);
            await JsonSerializer.SerializeAsync(file, report, ReportJson.Readable.Report, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BenchmarkException($"The figures cannot be written to '{path}': {exception.Message}", exception);
        }
    }
}
