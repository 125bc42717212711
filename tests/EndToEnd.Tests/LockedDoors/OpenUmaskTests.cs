using System.Globalization;
using System.Text.RegularExpressions;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting.Launching.Posix;
using Plugwire.Wire.Tests.Transports.UnixSockets;

namespace Plugwire.EndToEnd.Tests.LockedDoors;

/// <summary>A host whose umask keeps nobody from anything, as a careless daemon's.</summary>
public sealed class OpenUmaskTests : PluginTest
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task Launch_OfAHostWithUmaskZero_IsForItsUserAlone()
    {
        await using var host = HandStart.Run("/bin/sh", ["-c", "umask 0; exec \"$0\" \"$@\"", TestPrograms.Host, Root.Path, TestPrograms.Faulty]);
        var plugin = await PluginThatServesAsync(host);
        Assert.Contains("Umask:\t0000", await File.ReadAllTextAsync($"/proc/{plugin}/status", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var socket = Assert.Single(Directory.EnumerateFiles(Root.Path, "plugin*", SearchOption.AllDirectories));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Assert.Single(Directory.EnumerateDirectories(Root.Path))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));
        await EndAsync(host, plugin);
    }

    [Fact]
    public async Task Launch_OfAHostWithUmaskZero_IsAtNoInstantOpenToAnotherUserWhoKeepsTrying()
    {
        OtherUser.SkipUnlessPossible();
        File.SetUnixFileMode(Root.Path, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        using var end = new CancellationTokenSource();
        var stranger = OtherUser.RunAsync(() => TryUntil(Root.Path, end.Token));

        await using var host = HandStart.Run("/bin/sh", ["-c", "umask 0; exec \"$0\" \"$@\"", TestPrograms.Host, Root.Path, TestPrograms.Faulty]);
        var plugin = await PluginThatServesAsync(host);
        await end.CancelAsync();
        var (tries, entered) = await stranger.Within();

        Assert.True(tries > 0);
        Assert.Empty(entered);
        await EndAsync(host, plugin);
    }

    private static (int Tries, List<string> Entered) TryUntil(string root, CancellationToken end)
    {
        var tries = 0;
        var entered = new List<string>();
        while (!end.IsCancellationRequested)
        {
            foreach (var directory in Directory.GetDirectories(root))
            {
                tries++;
                if (MayEnter(directory))
                    entered.Add(directory);
            }
        }

        return (tries, entered);
    }

    // Only who may enter a directory finds the directory itself in it.
    private static bool MayEnter(string directory)
    {
        try
        {
            return PosixFile.Inspect(directory + "/.").IsDirectory;
        }
        catch (PosixException refused)
        {
            Assert.Contains(refused.Error, new[] { Errno.AccessDenied, Errno.NotFound });
            return false;
        }
    }

    private static async Task<int> PluginThatServesAsync(HandStart host)
    {
        while (await host.ReadLineAsync() is { } line)
        {
            if (Regex.Match(line, @"process (\d+)\) serves") is { Success: true } match)
                return int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }

        throw new InvalidOperationException("The host has ended. " + await host.ErrorAsync());
    }

    private static async Task EndAsync(HandStart host, int plugin)
    {
        Signals.Send(host.Id, Signals.Kill);
        await ProcessEnd.OfAsync(plugin, TestLimit.Limit);
    }
}
