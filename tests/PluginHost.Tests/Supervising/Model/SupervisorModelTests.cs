using System.Globalization;
using Plugwire.Hosting.Tests.Launching;

namespace Plugwire.Hosting.Tests.Supervising.Model;

/// <summary>The supervisor beside a reference, over random histories. <c>PLUGWIRE_HISTORIES</c> says how many; each is made from a number of its own, which a failure names.</summary>
public sealed class SupervisorModelTests
{
    private const int LongestHistory = 40;

    private static readonly int Histories =
        int.TryParse(Environment.GetEnvironmentVariable("PLUGWIRE_HISTORIES"), NumberStyles.None, CultureInfo.InvariantCulture, out var many) ? many : 20_000;

    [Fact]
    public async Task Supervisor_OverRandomHistories_DoesWhatTheReferenceDoes()
    {
        for (var seed = 1; seed <= Histories; seed++)
        {
            try
            {
                await LiveAsync(new Random(seed));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"History {seed} is another than the reference's.", failure);
            }
        }
    }

    private static async Task LiveAsync(Random random)
    {
        var clock = new JumpingClock();
        var rules = new PluginOptions().Restart;
        Randomize(rules, random);
        var chance = 0.0;
        await using var plugin = new ScriptedPlugin(clock, restart => CopyTo(rules, restart), chance: () => chance = random.NextDouble());
        var reference = new ReferenceSupervisor(rules);
        var restarts = new List<Task>();
        var history = new List<string>();
        Assert.Equal((PluginState.Starting, 1), await NextAsync(plugin));

        for (var i = 0; i < LongestHistory && !reference.IsOver; i++)
        {
            foreach (var expected in await HappenAsync(plugin, reference, clock, random, restarts, () => chance))
            {
                var found = await NextAsync(plugin);
                history.Add($"after {reference.Now.TotalSeconds:0.000} s: {expected}");
                Assert.True(expected == found, $"Expected {expected}, found {found}, after:\n{string.Join('\n', history)}\nRules: {rules.Policy}, {rules.MaxRestarts}, {rules.FirstDelay}, {rules.MaxDelay}");
                if (expected.State == PluginState.BackingOff)
                    await AssertWaitsAsync(plugin, reference, clock);
            }
        }

        await plugin.DisposeAsync();
        await Task.WhenAll(restarts.Select(restart => restart.ContinueWith(_ => { }, TaskScheduler.Default))).WaitAsync(Shell.Limit);
        Assert.All(restarts.Where(restart => !restart.IsCompletedSuccessfully), restart => Assert.IsType<PluginUnavailableException>(restart.Exception!.InnerException));
    }

    /// <summary>Lets something happen to both.</summary>
    /// <returns>The states through which the real one must go.</returns>
    private static async Task<(PluginState State, int Launch)[]> HappenAsync(
        ScriptedPlugin plugin, ReferenceSupervisor reference, JumpingClock clock, Random random, List<Task> restarts, Func<double> chance)
    {
        if (random.Next(3) == 0)
            clock.Jump(TimeSpan.FromDays(random.Next(-3650, 3650)));

        switch (reference.State, random.Next(12))
        {
            case (_, 0) when random.Next(3) == 0:
                restarts.Add(plugin.Supervisor.StopAsync(CancellationToken.None));
                return reference.StopAsked();
            case (not PluginState.BackingOff, 1 or 2):
                return Pass(Length(random));
            case (not PluginState.Starting, 3):
                restarts.Add(plugin.Supervisor.RestartAsync(CancellationToken.None));
                return reference.RestartAsked();
            case (PluginState.Starting, 3):
                restarts.Add(plugin.Supervisor.RestartAsync(CancellationToken.None));
                return [];
            case (PluginState.Starting, 4 or 5):
                var why = random.Next(4) == 0 ? PluginStartReason.NotFound : PluginStartReason.TimedOut;
                await plugin.FailAsync(why);
                await UntilChangedAsync(plugin, PluginState.Starting);
                return reference.StartFailed(why, chance());
            case (PluginState.Starting, _):
                await plugin.SucceedAsync();
                return reference.Started();
            case (PluginState.Ready, _):
                var reason = random.Next(4) switch { 0 => PluginExitReason.Exited, 1 => PluginExitReason.Disconnected, _ => PluginExitReason.Crashed };
                plugin.Run!.End(reason);
                await UntilChangedAsync(plugin, PluginState.Ready, PluginState.Draining);
                return reference.Ended(reason, chance());
            case (PluginState.BackingOff, var what):
                var left = reference.NextStart - reference.Now;
                if (what is 1 or 2 && left > TimeSpan.FromMilliseconds(2))
                    return Pass(left / 2);
                return Pass(left);
            default:
                return [];
        }

        (PluginState State, int Launch)[] Pass(TimeSpan time)
        {
            clock.Advance(time);
            return reference.Passed(time);
        }
    }

    private static async Task AssertWaitsAsync(ScriptedPlugin plugin, ReferenceSupervisor reference, JumpingClock clock)
    {
        var delay = plugin.Supervisor.Status.NextStartIn!.Value;
        Assert.Equal((reference.NextStart - reference.Now).TotalMilliseconds, delay.TotalMilliseconds, tolerance: 0.01);

        // A timer counts in whole milliseconds, downwards.
        await clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(Math.Floor(delay.TotalMilliseconds)));
    }

    private static TimeSpan Length(Random random) => TimeSpan.FromSeconds(random.Next(4) switch { 0 => random.Next(1, 30), 1 => random.Next(50, 70), 2 => random.Next(290, 310), _ => random.NextDouble() });

    private static async Task UntilChangedAsync(ScriptedPlugin plugin, params PluginState[] from)
    {
        // The chance that the reference needs is drawn when the supervisor decides.
        while (from.Contains(plugin.Supervisor.Status.State))
            await Task.Yield();
    }

    private static async Task<(PluginState State, int Launch)> NextAsync(ScriptedPlugin plugin)
    {
        var status = await plugin.NextAsync();
        return (status.State, status.Launch);
    }

    private static void Randomize(PluginRestartOptions rules, Random random)
    {
        rules.Policy = (PluginRestartPolicy)random.Next(3);
        if (random.Next(3) != 0)
            rules.Policy = PluginRestartPolicy.OnCrash;
        rules.MaxRestarts = random.Next(5) switch { 0 => null, 1 => 0, 2 => 1, _ => 3 };
        rules.FirstDelay = TimeSpan.FromMilliseconds(random.Next(5) == 0 ? 20 : 200);
        rules.MaxDelay = TimeSpan.FromSeconds(random.Next(3) == 0 ? 1 : 30);
    }

    private static void CopyTo(PluginRestartOptions from, PluginRestartOptions to)
    {
        to.Policy = from.Policy;
        to.MaxRestarts = from.MaxRestarts;
        to.FirstDelay = from.FirstDelay;
        to.MaxDelay = from.MaxDelay;
    }
}
