namespace Plugwire.Shapes;

/// <summary>A value of an enum.</summary>
internal readonly record struct EnumValueShape(string Name, int Number);
