namespace Plugwire.Hosting.Launching.Limits;

/// <summary>One limit of a process.</summary>
/// <param name="Option">The option that sets it.</param>
/// <param name="Resource">Its number on Linux.</param>
/// <param name="Value">In the resource's own unit.</param>
internal readonly record struct ResourceLimit(string Option, int Resource, long Value);
