namespace Plugwire.Wire.Http2;

/// <summary>Which side opens streams. Independent of who dialled.</summary>
internal enum Http2Role
{
    Client,
    Server,
}
