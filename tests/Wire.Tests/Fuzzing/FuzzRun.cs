using System.Globalization;

namespace Plugwire.Wire.Tests.Fuzzing;

/// <summary>Plays cases one after the other, each from a seed of its own, and looks after each whether everything is as it was. Nothing else may run in the process.</summary>
internal sealed class FuzzRun : IDisposable
{
    /// <summary>Behind so many findings there is one cause to be looked for, and no use in more.</summary>
    public const int MostFindings = 20;

    // Each of them looks at all that is alive.
    private const int CasesPerCollection = 500;

    // What a case allocates on both sides: for its conversation, for its streams, and for messages of some hundred thousand bytes, packed and unpacked.
    private const long MostAllocated = 16 * 1024 * 1024;
    private const long MostGrowth = 8 * 1024 * 1024;

    private readonly FailureWatch _watch = new();
    private readonly FuzzReport _report = new();
    private ServerTarget _server;
    private long? _liveAtFirst;

    public FuzzRun() => _server = new ServerTarget(_watch);

    public FuzzReport Report => _report;

    /// <summary>Plays the cases from <paramref name="seed"/> on.</summary>
    /// <param name="seed">The first; each further case has the next number.</param>
    /// <param name="cases">How many at most.</param>
    /// <param name="found">Told of each finding at once.</param>
    /// <param name="isOver">Asked before each case.</param>
    public async Task PlayAsync(int seed, int cases, Action<FuzzFinding> found, Func<bool> isOver)
    {
        var last = seed;
        for (var i = 0; i < cases && _report.Findings.Count < MostFindings && !isOver(); i++)
        {
            last = unchecked(seed + i);
            await PlayAsync(FuzzCase.Create(last), found);
            if ((i + 1) % CasesPerCollection == 0)
                await CheckAsync(last, $"one of the last {CasesPerCollection} cases", CheckLiving, found);
        }

        await CheckAsync(last, $"one of the last {CasesPerCollection} cases", CheckLiving, found);
        await CheckAsync(last, "the end", async () => await _server.DisposeAsync(), found);
    }

    public void Dispose() => _watch.Dispose();

    private async Task PlayAsync(FuzzCase play, Action<FuzzFinding> found)
    {
        var (before, begun) = (GC.GetTotalAllocatedBytes(), _server.Begun);
        var holds = await CheckAsync(play.Seed, play.Name, () => PlayToTargetAsync(play), found);
        var allocated = GC.GetTotalAllocatedBytes() - before;
        _report.Cases[play.Target]++;
        if (play.Target == FuzzTarget.Server)
            _report.Calls += _server.Begun - begun;
        if (allocated > _report.MostAllocated.Bytes)
            _report.MostAllocated = (allocated, play.Seed);
        if (holds && allocated > MostAllocated)
            Note(new FuzzFinding(play.Seed, play.Name, string.Create(CultureInfo.InvariantCulture, $"it allocated {allocated:N0} bytes; {MostAllocated:N0} are expected at most.")), found);

        // One that hangs would spoil all that come after.
        if (!holds)
            _server = new ServerTarget(_watch);
    }

    private async Task PlayToTargetAsync(FuzzCase play)
    {
        switch (play.Target)
        {
            case FuzzTarget.Server:
                _report.Survived += await _server.PlayAsync(play.Play!) ? 1 : 0;
                break;
            case FuzzTarget.Client:
                var client = new ClientTarget(_watch);
                _report.Survived += await client.PlayAsync(play.Play!) ? 1 : 0;
                _report.Calls += client.Calls;
                _report.Succeeded += client.Succeeded;
                break;
            default:
                _report.Survived += HpackTarget.Play(play) ? 1 : 0;
                return;
        }

        await _server.CallAsync();
    }

    // What nobody has seen is known, and what is alive can be counted, only when all else has been collected.
    private Task CheckLiving()
    {
        FailureWatch.Collect();
        var living = GC.GetTotalMemory(forceFullCollection: true);
        _liveAtFirst ??= living;
        return living - _liveAtFirst > MostGrowth
            ? throw new FuzzException(string.Create(CultureInfo.InvariantCulture, $"{living:N0} bytes are alive, {living - _liveAtFirst:N0} more than at first."))
            : Task.CompletedTask;
    }

    private async Task<bool> CheckAsync(int seed, string what, Func<Task> step, Action<FuzzFinding> found)
    {
        string? happened = null;
        try
        {
            await step();
        }
        catch (FuzzException exception)
        {
            happened = exception.Message;
        }
        catch (Exception exception)
        {
            happened = $"an exception escaped: {exception}";
        }

        // What was seen meanwhile is mostly the cause.
        string[] all = [.. happened is null ? [] : new[] { happened }, .. _watch.TakeFailures()];
        if (all.Length > 0)
            Note(new FuzzFinding(seed, what, string.Join(Environment.NewLine, all)), found);
        return all.Length == 0;
    }

    private void Note(FuzzFinding finding, Action<FuzzFinding> found)
    {
        _report.Findings.Add(finding);
        found(finding);
    }
}
