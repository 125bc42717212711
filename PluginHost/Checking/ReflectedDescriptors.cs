using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Plugwire.Shapes;
using Plugwire.Wire.Services.Reflection;

namespace Plugwire.Hosting.Checking;

/// <summary>The descriptors of a plugin's services, fetched from the plugin with all that they import, and no more than a contract can need.</summary>
internal sealed class ReflectedDescriptors(ReflectionClient reflection)
{
    private const int MostFiles = 1_000;

    private static readonly MessageParser<FileDescriptorProto> Parser = FileDescriptorProto.Parser.WithDiscardUnknownFields(true);

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _imports = new();
    private int _bytes;

    public ContractShape Shape { get; } = new();

    /// <returns>False when the plugin has no descriptors of the service.</returns>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="BadContractException">They cannot be used.</exception>
    public async Task<bool> TryFetchAsync(string serviceName)
    {
        if (Shape.ServiceNamed(serviceName) is not null)
            return true;
        if (await reflection.AskForFilesAsync(new ServerReflectionRequest { FileContainingSymbol = serviceName }).ConfigureAwait(false) is not { } files)
            return false;

        Read(files);
        if (Shape.ServiceNamed(serviceName) is null)
            throw new BadContractException($"its reflection service answers for {serviceName} by files that do not describe it.");

        // A file that is not to be had may be needed for options only; a message that is missing is missed when it is compared.
        while (_imports.TryDequeue(out var import))
        {
            if (_known.Contains(import))
                continue;
            if (await reflection.AskForFilesAsync(new ServerReflectionRequest { FileByFilename = import }).ConfigureAwait(false) is { } imported)
                Read(imported);
            IsNew(import);
        }

        return true;
    }

    private void Read(IReadOnlyList<ByteString> files)
    {
        foreach (var bytes in files)
        {
            // Some servers send all imports with every file, again and again.
            var file = Parse(bytes);
            if (!IsNew(file.Name))
                continue;

            _bytes += bytes.Length;
            if (_bytes > ReflectionMethods.MostBytes)
                throw new BadContractException(string.Create(CultureInfo.InvariantCulture, $"its descriptors have more than {ReflectionMethods.MostBytes} bytes."));

            DescriptorReader.Read(file, Shape);
            foreach (var import in file.Dependency.Where(import => !WellKnownShapes.HasFile(import)))
                _imports.Enqueue(import);
        }
    }

    private bool IsNew(string file)
    {
        if (!_known.Add(file))
            return false;

        return _known.Count <= MostFiles
            ? true
            : throw new BadContractException(string.Create(CultureInfo.InvariantCulture, $"its descriptors have more than {MostFiles} files."));
    }

    private static FileDescriptorProto Parse(ByteString bytes)
    {
        try
        {
            return Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new BadContractException($"its descriptors cannot be parsed: {failure.Message}", failure);
        }
    }
}
