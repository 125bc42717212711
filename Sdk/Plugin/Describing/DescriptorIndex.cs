using Google.Protobuf.Reflection;

namespace Plugwire.Describing;

/// <summary>Files of descriptors with all that they import: by their names, by what they declare, by what they extend.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _declarations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);

    private DescriptorIndex()
    {
    }

    public static DescriptorIndex Of(IEnumerable<FileDescriptor> files)
    {
        var index = new DescriptorIndex();
        var waiting = new Queue<FileDescriptor>(files);
        while (waiting.TryDequeue(out var file))
        {
            // Of two copies of a file the first counts: an author may have compiled the same .proto that the SDK did.
            if (!index._files.TryAdd(file.Name, file))
                continue;

            index.Add(file);
            foreach (var import in file.Dependencies)
                waiting.Enqueue(import);
        }

        return index;
    }

    /// <summary>The file by the name under which others import it; null when there is none.</summary>
    public FileDescriptor? FileNamed(string name) => _files.GetValueOrDefault(name);

    /// <summary>The file that declares a service, a method, a type or a member of one; null when none does.</summary>
    public FileDescriptor? FileDeclaring(string symbol) => _declarations.GetValueOrDefault(symbol);

    /// <summary>The file that declares an extension of a message; null when none does.</summary>
    public FileDescriptor? FileExtending(string message, int number) => _extensions.GetValueOrDefault(message)?.GetValueOrDefault(number);

    /// <summary>The numbers of a message's extensions; null when there is no such message.</summary>
    public IReadOnlyCollection<int>? ExtensionNumbersOf(string message) =>
        _extensions.TryGetValue(message, out var extensions) ? extensions.Keys : _messages.Contains(message) ? [] : null;

    private void Add(FileDescriptor file)
    {
        foreach (var service in file.Services)
        {
            Declare(service);
            foreach (var method in service.Methods)
                Declare(method);
        }

        AddAll(file.MessageTypes, file.EnumTypes, file.Extensions);
    }

    private void AddAll(IEnumerable<MessageDescriptor> messages, IEnumerable<EnumDescriptor> enums, ExtensionCollection extensions)
    {
        foreach (var message in messages)
        {
            Declare(message);
            _messages.Add(message.FullName);
            foreach (var field in message.Fields.InDeclarationOrder())
                Declare(field);
            foreach (var oneof in message.Oneofs)
                Declare(oneof);
            AddAll(message.NestedTypes, message.EnumTypes, message.Extensions);
        }

        foreach (var descriptor in enums)
        {
            Declare(descriptor);

            // A value's scope is that of its enum, as in C, whatever its descriptor says.
            var scope = descriptor.FullName[..^descriptor.Name.Length];
            foreach (var value in descriptor.Values)
                _declarations.TryAdd(scope + value.Name, value.File);
        }

        foreach (var extension in extensions.UnorderedExtensions)
        {
            Declare(extension);
            if (!_extensions.TryGetValue(extension.ExtendeeType.FullName, out var ofMessage))
                _extensions[extension.ExtendeeType.FullName] = ofMessage = [];
            ofMessage.TryAdd(extension.FieldNumber, extension.File);
        }
    }

    private void Declare(IDescriptor declared) => _declarations.TryAdd(declared.FullName, declared.File);
}
