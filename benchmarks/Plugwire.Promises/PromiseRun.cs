using System.Globalization;
using System.Text.Json;
using Plugwire.Promises.Measuring;
using Plugwire.Promises.Reporting;
using Plugwire.Promises.Rows;
using Plugwire.Promises.Scaling;

namespace Plugwire.Promises;

/// <summary>One run of the command: measures promise by promise, and reports.</summary>
internal sealed class PromiseRun(PromiseOptions options)
{
    /// <returns>Whether all is kept that is not known to be missed.</returns>
    /// <exception cref="PromiseException">It cannot be done as asked.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Measurement[] measurements = [.. Choose().Select(promise => new Measurement(promise))];
        CheckOutput();
        var machine = Machine.Look();
        var began = TimeProvider.System.GetTimestamp();
        await MeasureAsync([.. measurements.Where(measurement => measurement.Promise.Obstacle is null)], began, cancellationToken);
        var report = new Report(
            machine.LookAgain(),
            options.Scale.ToString().ToLowerInvariant(),
            options.Slack,
            TimeProvider.System.GetElapsedTime(began).TotalSeconds,
            [.. measurements.SelectMany(measurement => ReportRows.Of(measurement, options.Slack))]);
        ReportTable.Print(report);
        await WriteAsync(report, cancellationToken);
        return report.IsGood;
    }

    private IReadOnlyList<Promise> Choose()
    {
        var all = AllPromises.Create(options.Scale);
        if (options.Filter.Count == 0)
            return all;

        foreach (var wanted in options.Filter)
        {
            if (!all.Any(promise => Fits(promise, wanted)))
                throw new PromiseException($"There is no promise '{wanted}'. There are:\n  {string.Join("\n  ", all.Select(promise => $"{promise.Id}: {promise.Name}"))}");
        }

        return [.. all.Where(promise => options.Filter.Any(wanted => Fits(promise, wanted)))];
    }

    private static bool Fits(Promise promise, string wanted) =>
        promise.Id.Equals(wanted, StringComparison.OrdinalIgnoreCase) || promise.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>Those that only wait go on together; the others have the machine to themselves, and what is left of the time is divided among those still to come.</summary>
    private async Task MeasureAsync(IReadOnlyList<Measurement> measurements, long began, CancellationToken cancellationToken)
    {
        var patient = measurements.Where(measurement => measurement.Promise.IsPatient).ToArray();
        if (patient.Length > 0)
        {
            await TellAsync($"1-{patient.Length} of {measurements.Count}: {string.Join(", ", patient.Select(measurement => measurement.Promise.Id))}, which wait");
            await Task.WhenAll(patient.Select(measurement => measurement.MeasureAsync(options.Scale, time: null, cancellationToken)));
        }

        var others = measurements.Except(patient).ToArray();
        foreach (var (index, measurement) in others.Index())
        {
            await TellAsync(string.Create(CultureInfo.InvariantCulture, $"{patient.Length + index + 1} of {measurements.Count}: {measurement.Promise.Id}, {measurement.Promise.Name}"));
            var time = (Budget(options.Scale) - TimeProvider.System.GetElapsedTime(began)) / (others.Length - index);
            await measurement.MeasureAsync(options.Scale, time, cancellationToken);
        }
    }

    // Less than what is promised: a run that has begun is not cut off.
    private static TimeSpan? Budget(Scale scale) => scale switch
    {
        Scale.Short => TimeSpan.FromSeconds(160),
        Scale.Medium => TimeSpan.FromMinutes(14),
        _ => null,
    };

    private static Task TellAsync(string text) => Console.Error.WriteLineAsync(text);

    // Before minutes of measuring, not behind them.
    private void CheckOutput()
    {
        if (options.Output is { } file && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            throw new PromiseException($"The figures cannot be written to '{file}': there is no such directory.");
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
            throw new PromiseException($"The figures cannot be written to '{path}': {exception.Message}", exception);
        }
    }
}
