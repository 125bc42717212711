namespace Plugwire.Hosting.Connecting;

/// <summary>What a plugin has answered to the question for its health.</summary>
/// <param name="Problem">Null when it serves; otherwise a sentence that says what it answered.</param>
/// <param name="IsDebugged">Whether it says that a debugger is attached to it.</param>
/// <param name="DeafHandlers">How many of its handlers run on though their calls are over, as it says.</param>
internal readonly record struct HealthAnswer(string? Problem, bool IsDebugged, int DeafHandlers = 0);
