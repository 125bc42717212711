"""The messages of grpc.testing, described by hand: what a generator would make needs its own version of the runtime."""
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "grpc.testing"
KINDS = {kind: getattr(descriptor_pb2.FieldDescriptorProto, "TYPE_" + kind.upper()) for kind in ("bool", "int32", "bytes", "string")}


def describe(messages):
    file = descriptor_pb2.FileDescriptorProto(name="interop.proto", package=PACKAGE, syntax="proto3")
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in fields.items():
            repeated = kind.startswith("repeated ")
            kind = kind.removeprefix("repeated ")
            added = message.field.add(name=field, number=number, label=3 if repeated else 1)
            if kind in KINDS:
                added.type = KINDS[kind]
            else:
                added.type, added.type_name = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    return file


POOL = descriptor_pool.DescriptorPool()
POOL.Add(describe({
    "Empty": {},
    "BoolValue": {1: ("value", "bool")},
    "Payload": {1: ("type", "int32"), 2: ("body", "bytes")},
    "EchoStatus": {1: ("code", "int32"), 2: ("message", "string")},
    "SimpleRequest": {
        2: ("response_size", "int32"),
        3: ("payload", "Payload"),
        6: ("response_compressed", "BoolValue"),
        7: ("response_status", "EchoStatus"),
        8: ("expect_compressed", "BoolValue"),
    },
    "SimpleResponse": {1: ("payload", "Payload")},
    "StreamingInputCallRequest": {1: ("payload", "Payload"), 2: ("expect_compressed", "BoolValue")},
    "StreamingInputCallResponse": {1: ("aggregated_payload_size", "int32")},
    "ResponseParameters": {1: ("size", "int32"), 2: ("interval_us", "int32"), 3: ("compressed", "BoolValue")},
    "StreamingOutputCallRequest": {
        2: ("response_parameters", "repeated ResponseParameters"),
        3: ("payload", "Payload"),
        7: ("response_status", "EchoStatus"),
    },
    "StreamingOutputCallResponse": {1: ("payload", "Payload")},
}))


def type_of(name):
    descriptor = POOL.FindMessageTypeByName(f"{PACKAGE}.{name}")
    # The function came with protobuf 4.22, the method went with 5.26.
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(POOL).GetPrototype(descriptor)


Empty = type_of("Empty")
BoolValue = type_of("BoolValue")
Payload = type_of("Payload")
EchoStatus = type_of("EchoStatus")
SimpleRequest = type_of("SimpleRequest")
SimpleResponse = type_of("SimpleResponse")
StreamingInputCallRequest = type_of("StreamingInputCallRequest")
StreamingInputCallResponse = type_of("StreamingInputCallResponse")
ResponseParameters = type_of("ResponseParameters")
StreamingOutputCallRequest = type_of("StreamingOutputCallRequest")
StreamingOutputCallResponse = type_of("StreamingOutputCallResponse")

SERVICE = PACKAGE + ".TestService"

# Name of the method: the kind of call, what goes in, what comes out.
METHODS = {
    "EmptyCall": ("unary_unary", Empty, Empty),
    "UnaryCall": ("unary_unary", SimpleRequest, SimpleResponse),
    "StreamingInputCall": ("stream_unary", StreamingInputCallRequest, StreamingInputCallResponse),
    "StreamingOutputCall": ("unary_stream", StreamingOutputCallRequest, StreamingOutputCallResponse),
    "FullDuplexCall": ("stream_stream", StreamingOutputCallRequest, StreamingOutputCallResponse),
    "HalfDuplexCall": ("stream_stream", StreamingOutputCallRequest, StreamingOutputCallResponse),
    "UnimplementedCall": ("unary_unary", Empty, Empty),
}


def zeros(size):
    return Payload(body=bytes(size))
