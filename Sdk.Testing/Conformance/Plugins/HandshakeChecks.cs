using System.Globalization;
using Plugwire.Testing.Conformance.Running;
using Plugwire.Wire.Launching;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>Cookie and handshake line.</summary>
internal static class HandshakeChecks
{
    private const int FieldsWithoutMultiplexing = 6;

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        new(
            new("handshake.cookie-missing", "Start without the cookie", "Started without its cookie, a plugin prints nothing on standard output and ends with an exit code other than 0.", ConformanceSource.GoPlugin, Must),
            (subject, token) => PluginCheck.RunAsync(
                subject, WithCookie(subject, null), (process, innerToken) => process.RefusesAsync("to run without its cookie", innerToken), token)),
        new(
            new("handshake.cookie-wrong", "Start with another cookie", "Started with another value of its cookie, a plugin prints nothing on standard output and ends with an exit code other than 0.", ConformanceSource.GoPlugin, Must),
            (subject, token) => PluginCheck.RunAsync(
                subject, WithCookie(subject, subject.Options.CookieValue + "x"), (process, innerToken) => process.RefusesAsync("another cookie than its own", innerToken), token)),
        new(
            new("handshake.cookie-explained", "Word to whoever starts it by hand", "Started without its cookie, a plugin says on standard error that it is started by its application.", ConformanceSource.GoPlugin, Should),
            (subject, token) => PluginCheck.RunAsync(subject, WithCookie(subject, null), IsExplainedAsync, token)),
        PluginCheck.Of(
            new("handshake.one-line", "One line on standard output", "A plugin prints one line on its standard output, ended by a line feed, and nothing before or after it as long as it lives.", ConformanceSource.GoPlugin, Must),
            PrintsOneLineAsync),
        PluginCheck.Of(
            new("handshake.fields", "The fields of the line", "The line has the fields 1, the application's version, unix, the socket's path, grpc and the certificate, separated by bars; the version is one that the host offered.", ConformanceSource.GoPlugin, Must),
            HasFieldsAsync),
        PluginCheck.Of(
            new("handshake.no-certificate", "No certificate unasked", "A plugin whose host has sent no certificate leaves the sixth field empty.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                if (await FieldAsync(process, 5, token).ConfigureAwait(false) is { Length: > 0 } certificate)
                    throw process.Failure($"The sixth field of the handshake is not empty, and no host has asked for TLS: '{SubjectProcess.Shown(certificate)}'. A go-plugin host ends with a panic here.");
            }),
        PluginCheck.Of(
            new("handshake.no-multiplexing", "No seventh field unasked", "A plugin whose host has not set PLUGIN_MULTIPLEX_GRPC prints no seventh field: old hosts take it for a part of the certificate.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                if ((await process.FirstLineAsync(token).ConfigureAwait(false)).Split('|').Length > FieldsWithoutMultiplexing)
                    throw process.Failure($"The handshake has a seventh field: '{SubjectProcess.Shown(await process.FirstLineAsync(token).ConfigureAwait(false))}'.");
            }),
        PluginCheck.Of(
            new("handshake.listens-first", "Listening before the line", "When the line can be read, the plugin listens: a host dials at once, and once.", ConformanceSource.GoPlugin, Must),
            async (process, token) =>
            {
                await process.HandshakeAsync(token).ConfigureAwait(false);
                await process.ConnectAsync(token).ConfigureAwait(false);
            }),
    ];

    private static SubjectLaunch WithCookie(PluginSubject subject, string? value) =>
        new() { Variables = new Dictionary<string, string?> { [subject.Options.CookieKey] = value } };

    private static async Task IsExplainedAsync(SubjectProcess process, CancellationToken cancellationToken)
    {
        await process.Exited.WaitAsync(cancellationToken).ConfigureAwait(false);
        await process.EndAsync("its start").ConfigureAwait(false);
        if (process.Error.Text.Trim().Length == 0)
            throw process.Failure("Nothing stood on standard error: whoever starts the program by hand does not learn what it is.");
    }

    private static async Task PrintsOneLineAsync(SubjectProcess process, CancellationToken cancellationToken)
    {
        await process.HandshakeAsync(cancellationToken).ConfigureAwait(false);
        var calls = await process.DialAsync(cancellationToken).ConfigureAwait(false);
        await HealthChecks.CheckAsync(calls, HealthChecks.Plugin, cancellationToken).ConfigureAwait(false);
        process.SendTerminate();
        await process.EndAsync("the terminate signal").ConfigureAwait(false);
        var text = process.Output.Text;
        if (text.IndexOf('\n', StringComparison.Ordinal) != text.Length - 1)
            throw process.Failure($"Standard output should have had the handshake line alone, in all of the plugin's life. There stood: '{SubjectProcess.Shown(text)}'.");
    }

    private static async Task HasFieldsAsync(SubjectProcess process, CancellationToken cancellationToken)
    {
        var text = await process.FirstLineAsync(cancellationToken).ConfigureAwait(false);
        var fields = text.Split('|');
        if (fields.Length < FieldsWithoutMultiplexing)
            throw Wrong($"it has {fields.Length} fields");
        if (fields[0] != "1")
            throw Wrong($"the launch protocol's version is '{fields[0]}'");
        if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) || !process.Offered.Contains(version))
            throw Wrong($"the application's version is '{fields[1]}', and the host offered {string.Join(", ", process.Offered)}");
        if (fields[2] != HandshakeLine.Unix)
            throw Wrong($"the network is '{fields[2]}'");
        if (fields[3].Length == 0)
            throw Wrong("the address is empty");
        if (fields[4] != HandshakeLine.Grpc)
            throw Wrong($"the protocol is '{fields[4]}'");

        CaseFailedException Wrong(string found) => process.Failure($"The handshake is '{SubjectProcess.Shown(text)}': {SubjectProcess.Shown(found)}.");
    }

    private static async Task<string> FieldAsync(SubjectProcess process, int index, CancellationToken cancellationToken) =>
        (await process.FirstLineAsync(cancellationToken).ConfigureAwait(false)).TrimEnd('\r').Split('|').ElementAtOrDefault(index) ?? "";
}
