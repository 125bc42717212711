using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grpc.Core;
using Plugwire.Testing.Conformance.Roles;

namespace Plugwire.Testing.Command.Playing;

/// <summary>What the plugin does while the host waits for the answer to its call.</summary>
internal sealed class PlayedCall(PlayedRole role, PlayedConnections connections, PlayedConsole console)
{
    private const long LineFlood = 256L * 1024 * 1024;
    private const long LinesFlood = 32L * 1024 * 1024;
    private const int LineBytes = 4096;

    // Fills the pipe: when it is written, the host has read what stood before it.
    private const long AfterOddLines = 512 * 1024;

    private static readonly string[] OddLines =
    [
        """{"@message":1}""", """{"@level":1,"@message":"x"}""", """{"@level":"info","@message":"x","@timestamp":{}}""", """{"@level":[],"@message":null,"@timestamp":true}""",
        """{"@level":"info","@message":"x","@timestamp":"yesterday"}""", "null", "[]", "\"text\"", "1", "{}", "{", """{"@message":"\ud800"}""",
        """{"@message":"x","@message":2,"a":1e999}""", "",
    ];

    public async Task PlayAsync()
    {
        await role.Kit.SayAsync(ReportWords.Call);
        if (role.Has(RoleWords.Held))
            await role.WaitAsync();
        await DoAsync();
        await role.Kit.SayAsync(ReportWords.Done);
        if (role.Has(RoleWords.CallCuts))
            await connections.CutAsync();
        if (role.Has(RoleWords.Held))
            await role.WaitAsync();
        if (role.Has(RoleWords.CallFails))
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "This call fails, as its case wants it."));
    }

    private async Task DoAsync()
    {
        if (role.Has(RoleWords.CallDies))
            await PlayedRole.DieAsync();
        if (role.Has(RoleWords.CallFreezes))
            await PlayedRole.FreezeAsync();
        if (role.Has(RoleWords.OutputLines))
            await FloodAsync(PlayedOutput.Output, LinesFlood, hasLines: true);
        if (role.Has(RoleWords.OutputLine))
            await FloodAsync(PlayedOutput.Output, LineFlood, hasLines: false);
        if (role.Has(RoleWords.ErrorLines))
            await FloodAsync(PlayedOutput.Error, LinesFlood, hasLines: true);
        if (role.Has(RoleWords.ErrorLine))
            await FloodAsync(PlayedOutput.Error, LineFlood, hasLines: false);
        if (role.Has(RoleWords.OddLog))
            await LogAsync(Encoding.UTF8.GetBytes(string.Join('\n', OddLines) + "\n"));
        if (role.Has(RoleWords.NoText))
            await LogAsync([0, (byte)'\n', 0xff, 0xfe, 0x80, (byte)'\n', 0x1b, (byte)'[', (byte)'2', (byte)'J', (byte)'\r', (byte)'\n', 0xed, 0xa0, 0x80, (byte)'%', (byte)'s', (byte)'{', (byte)'0', (byte)'}', (byte)'\n']);
        if (role.Has(RoleWords.NestedLog))
            await LogAsync(Encoding.UTF8.GetBytes("{\"@message\":" + new string('[', 15_000) + "\n" + string.Concat(Enumerable.Repeat("{\"a\":", 2500)) + "\n"));
        if (role.Has(RoleWords.ClosedOutput))
        {
            PlayedOutput.Close(PlayedOutput.Output);
            PlayedOutput.Close(PlayedOutput.Error);
        }

        if (role.Has(RoleWords.Console))
            await console.FloodAsync();
        if (role.Has(RoleWords.Child))
            await StartChildAsync(["sleep", "1000"]);
        if (role.Has(RoleWords.EscapedChild))
            await StartChildAsync(["setsid", "sleep", "1000"]);
    }

    private async Task StartChildAsync(string[] command)
    {
        using var child = Process.Start(new ProcessStartInfo(command[0], command[1..]))!;
        await role.Kit.SayAsync(ReportWords.ChildStarted, child.Id.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task LogAsync(byte[] lines)
    {
        await using (var error = PlayedOutput.Open(PlayedOutput.Error))
            await error.WriteAsync(lines);
        await FloodAsync(PlayedOutput.Error, AfterOddLines, hasLines: true);
    }

    // On another thread: where nobody reads, it waits there.
    private static Task FloodAsync(int descriptor, long bytes, bool hasLines) => Task.Run(() =>
    {
        var block = Encoding.ASCII.GetBytes(hasLines
            ? string.Concat(Enumerable.Repeat(new string('x', LineBytes - 1) + "\n", 16))
            : new string('x', LineBytes * 16));
        using var output = PlayedOutput.Open(descriptor);
        for (var left = bytes; left > 0; left -= block.Length)
            output.Write(block);
        output.Write("\n"u8);
    });
}
