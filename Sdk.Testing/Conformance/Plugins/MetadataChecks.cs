using Grpc.Core;
using Plugwire.Testing.Conformance.Contract;
using Plugwire.Testing.Conformance.Running;
using static Plugwire.Testing.ConformanceLevel;

namespace Plugwire.Testing.Conformance.Plugins;

/// <summary>What travels beside the messages.</summary>
internal static class MetadataChecks
{
    private const string Name = "x-conformance-text";
    private const string Value = "a value; with = signs, commas and  spaces";
    private const string BinaryName = "x-conformance-bytes-bin";

    private static readonly byte[] Bytes = [0, 1, 2, 0x2C, 0x7F, 0x80, 0xFF];

    public static IReadOnlyList<ConformanceCheck<PluginSubject>> All { get; } =
    [
        PluginCheck.OfContract(
            new("metadata.headers", "Headers", "Request headers reach the handler, and its response headers the caller, each as it was sent.", ConformanceSource.Grpc, Must),
            async (calls, token) => Same(calls, "response header", Value, (await EchoAsync(calls, new Metadata { { Name, Value } }, token).ConfigureAwait(false)).Headers.GetValue(Name))),
        PluginCheck.OfContract(
            new("metadata.trailers", "Trailers", "The handler's trailers reach the caller, each as it was sent.", ConformanceSource.Grpc, Must),
            async (calls, token) => Same(calls, "trailer", Value, (await EchoAsync(calls, new Metadata { { Name, Value } }, token).ConfigureAwait(false)).Trailers.GetValue(Name))),
        PluginCheck.OfContract(
            new("metadata.binary", "Bytes as metadata", "Metadata whose name ends in '-bin' carries any bytes, in either direction.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                var (headers, trailers) = await EchoAsync(calls, new Metadata { { BinaryName, Bytes } }, token).ConfigureAwait(false);
                Same(calls, "response header", Convert.ToHexString(Bytes), Hex(headers));
                Same(calls, "trailer", Convert.ToHexString(Bytes), Hex(trailers));
            }),
        PluginCheck.OfContract(
            new("metadata.repeated", "Several values of one name", "Metadata may have several values of one name, which stay in their order.", ConformanceSource.Grpc, Must),
            async (calls, token) =>
            {
                var (headers, _) = await EchoAsync(calls, new Metadata { { Name, "first" }, { Name, "second" } }, token).ConfigureAwait(false);

                // Several values may travel as one, with commas between them.
                var values = headers.GetAll(Name).SelectMany(entry => entry.Value.Split(',', StringSplitOptions.TrimEntries));
                Same(calls, "response header", "first, second", string.Join(", ", values));
            }),
    ];

    private static async Task<(Metadata Headers, Metadata Trailers)> EchoAsync(ContractCalls calls, Metadata metadata, CancellationToken cancellationToken)
    {
        using var call = calls.Client.EchoAsync(new Payload(), metadata, cancellationToken: cancellationToken);
        var headers = await call.ResponseHeadersAsync.ConfigureAwait(false);
        await call.ResponseAsync.ConfigureAwait(false);
        return (headers, call.GetTrailers());
    }

    private static string? Hex(Metadata metadata) => metadata.GetValueBytes(BinaryName) is { } bytes ? Convert.ToHexString(bytes) : null;

    private static void Same(ContractCalls calls, string what, string expected, string? found)
    {
        if (found != expected)
            throw calls.Process.Failure($"The {what} should have come back as '{expected}', and {(found is null ? "is not there" : $"is '{SubjectProcess.Shown(found)}'")}.");
    }
}
