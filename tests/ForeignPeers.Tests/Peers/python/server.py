"""grpc.testing.TestService on grpcio."""
import sys
import time
from concurrent import futures

import grpc

from messages import METHODS, SERVICE, SimpleResponse, StreamingInputCallResponse, StreamingOutputCallResponse, Empty, zeros

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
CODES = {code.value[0]: code for code in grpc.StatusCode}


def echo_metadata(context):
    asked = dict(context.invocation_metadata())
    if ECHO_INITIAL in asked:
        context.send_initial_metadata(((ECHO_INITIAL, asked[ECHO_INITIAL]),))
    if ECHO_TRAILING in asked:
        context.set_trailing_metadata(((ECHO_TRAILING, asked[ECHO_TRAILING]),))


def fail_as_asked(request, context):
    if request.HasField("response_status") and request.response_status.code != 0:
        context.abort(CODES[request.response_status.code], request.response_status.message)


def EmptyCall(request, context):
    echo_metadata(context)
    return Empty()


def UnaryCall(request, context):
    if request.response_compressed.value:
        context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    fail_as_asked(request, context)
    return SimpleResponse(payload=zeros(request.response_size))


def StreamingInputCall(requests, context):
    return StreamingInputCallResponse(aggregated_payload_size=sum(len(request.payload.body) for request in requests))


def StreamingOutputCall(request, context):
    if any(response.compressed.value for response in request.response_parameters):
        context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    yield from responses_to(request, context)


def FullDuplexCall(requests, context):
    echo_metadata(context)
    for request in requests:
        yield from responses_to(request, context)


def HalfDuplexCall(requests, context):
    for request in list(requests):
        yield from responses_to(request, context)


def responses_to(request, context):
    fail_as_asked(request, context)
    for response in request.response_parameters:
        time.sleep(response.interval_us / 1_000_000)
        if not response.compressed.value:
            context.disable_next_message_compression()
        yield StreamingOutputCallResponse(payload=zeros(response.size))


def handler(name, behaviour):
    kind, request, response = METHODS[name]
    make = getattr(grpc, kind + "_rpc_method_handler")
    return make(behaviour, request_deserializer=request.FromString, response_serializer=response.SerializeToString)


def serve(address):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    behaviours = (EmptyCall, UnaryCall, StreamingInputCall, StreamingOutputCall, FullDuplexCall, HalfDuplexCall)
    handlers = {behaviour.__name__: handler(behaviour.__name__, behaviour) for behaviour in behaviours}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    server.add_insecure_port(address)
    server.start()
    print("listening", flush=True)
    # Whoever started it holds the other end: it goes with him.
    sys.stdin.read()
    server.stop(grace=None).wait()
