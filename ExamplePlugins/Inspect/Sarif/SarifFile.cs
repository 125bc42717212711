using System.Text.Json;
using Examples.Inspect.Streaming;
using Examples.Inspection;

namespace Examples.Inspect.Sarif;

/// <summary>
/// Writes findings as SARIF 2.1.0 while they come. They go to a file beside the one asked for, which takes its place only when
/// all are written: what stands there is always whole.
/// </summary>
internal sealed class SarifFile : IFindingSink, IAsyncDisposable
{
    private const int FlushAt = 32 * 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<string, int> _ruleIndexes;
    private bool _isWhole;

    private SarifFile(string path, FileStream file, IReadOnlyList<Rule> rules, string root)
    {
        _path = path;
        _file = file;
        _json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        _ruleIndexes = rules.Select((rule, index) => (rule.Id, index)).ToDictionary(StringComparer.Ordinal);
        SarifHeader.Write(_json, rules, root);
    }

    /// <summary>Where what has been written stands: first beside the file asked for, at last in its place. An absolute path.</summary>
    public string CurrentPath => _isWhole ? _path : _file.Name;

    /// <summary>Throws <see cref="InspectException"/> when the file cannot be written.</summary>
    public static SarifFile Create(string path, IReadOnlyList<Rule> rules, string root)
    {
        var target = SarifTarget.Resolve(path);
        try
        {
            var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
            return new SarifFile(target, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete), rules, root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InspectException($"The SARIF file '{path}' cannot be written: {exception.Message}");
        }
    }

    public async Task WriteAsync(Finding finding, CancellationToken cancellationToken)
    {
        SarifResult.Write(_json, finding, _ruleIndexes.TryGetValue(finding.RuleId, out var index) ? index : null);
        if (_json.BytesPending >= FlushAt)
            await FlushAsync(cancellationToken);
    }

    /// <summary>No further finding follows: ends the document and puts it in its place.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        SarifHeader.End(_json);
        await FlushAsync(cancellationToken);
        try
        {
            await _file.DisposeAsync();
            File.Move(_file.Name, _path, overwrite: true);
            _isWhole = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InspectException($"The SARIF file '{_path}' cannot be written: {exception.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isWhole)
            return;

        // What the writer still holds is not wanted: the file goes.
        _json.Reset(Stream.Null);
        await _json.DisposeAsync();
        await _file.DisposeAsync();
        File.Delete(_file.Name);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _json.FlushAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new InspectException($"The SARIF file '{_path}' cannot be written: {exception.Message}");
        }
    }
}
