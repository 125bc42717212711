namespace Plugwire.Wire.Http2;

internal enum HeaderKind
{
    Request,
    Response,
    Trailers,
}
