using System.Globalization;
using System.Text;

namespace Plugwire.Testing.Probes;

/// <summary>What a probe has received, as far as a failure tells of it.</summary>
internal sealed class ReceivedMessages
{
    private const int MostShown = 10;

    private readonly Queue<string> _last = new();

    public long Count { get; private set; }

    public void Add(object? message)
    {
        Count++;
        if (_last.Count == MostShown)
            _last.Dequeue();
        _last.Enqueue(MessageText.Of(message));
    }

    /// <summary>A sentence, and the last messages below it.</summary>
    public string Describe()
    {
        if (Count == 0)
            return "Nothing had been received.";

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{MessageText.Count(Count, "message")} had been received:");
        if (Count > _last.Count)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  … {Count - _last.Count} before");
        foreach (var message in _last)
            text.AppendLine().Append("  ").Append(message);
        return text.ToString();
    }
}
