"""The official interop cases on grpcio: a function for each, which raises when its case does not hold."""
import queue

import grpc

from messages import (
    BoolValue, EchoStatus, Empty, METHODS, ResponseParameters, SERVICE, SimpleRequest, StreamingInputCallRequest, StreamingOutputCallRequest, zeros)

PATIENCE = 60
REQUEST, RESPONSE = 271828, 314159
PING_PONG = ((27182, 31415), (8, 9), (1828, 2653), (45904, 58979))
GZIP = grpc.Compression.Gzip
CUSTOM = (("x-grpc-test-echo-initial", "test_initial_metadata_value"), ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))


class Stub:
    def __init__(self, channel, service=SERVICE):
        for name, (kind, request, response) in METHODS.items():
            make = getattr(channel, kind)
            setattr(self, name, make(f"/{service}/{name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString))


class Requests:
    """Requests written one by one, while responses are read."""

    def __init__(self):
        self._queue = queue.Queue()

    def write(self, request):
        self._queue.put(request)

    def complete(self):
        self._queue.put(None)

    def __iter__(self):
        return self

    def __next__(self):
        request = self._queue.get()
        if request is None:
            raise StopIteration
        return request


def same(expected, found, what):
    if expected != found:
        raise AssertionError(f"{what}: expected {expected!r}, found {found!r}")


def fails_with(code, call, detail=None):
    try:
        call()
    except grpc.RpcError as error:
        same(code, error.code(), "status")
        if detail is not None:
            same(detail, error.details(), "status message")
        return
    raise AssertionError(f"expected {code}, and the call went well")


def unary(stub, size=REQUEST, response_size=RESPONSE, options=None, **request):
    message = SimpleRequest(response_size=response_size, payload=zeros(size), **request)
    response, call = stub.UnaryCall.with_call(message, timeout=PATIENCE, **(options or {}))
    same(response_size, len(response.payload.body), "size of the response")
    return call


def asking(size, response_size):
    return StreamingOutputCallRequest(response_parameters=[ResponseParameters(size=response_size)], payload=zeros(size))


def empty_unary(stub, _):
    same(Empty(), stub.EmptyCall(Empty(), timeout=PATIENCE), "response")


def large_unary(stub, _):
    unary(stub)


def client_streaming(stub, _):
    requests = (StreamingInputCallRequest(payload=zeros(size)) for size in (27182, 8, 1828, 45904))
    same(74922, stub.StreamingInputCall(requests, timeout=PATIENCE).aggregated_payload_size, "sum of the sizes")


def server_streaming(stub, _):
    sizes = [31415, 9, 2653, 58979]
    request = StreamingOutputCallRequest(response_parameters=[ResponseParameters(size=size) for size in sizes])
    same(sizes, [len(response.payload.body) for response in stub.StreamingOutputCall(request, timeout=PATIENCE)], "sizes of the responses")


def ping_pong(stub, _):
    requests = Requests()
    responses = stub.FullDuplexCall(requests, timeout=PATIENCE)
    for size, response_size in PING_PONG:
        requests.write(asking(size, response_size))
        same(response_size, len(next(responses).payload.body), "size of the response")
    requests.complete()
    same([], list(responses), "further responses")


def empty_stream(stub, _):
    same([], list(stub.FullDuplexCall(iter(()), timeout=PATIENCE)), "responses")


def client_compressed_unary(stub, _):
    unary(stub, options={"compression": GZIP}, expect_compressed=BoolValue(value=True))
    unary(stub, expect_compressed=BoolValue(value=False))


def client_compressed_streaming(stub, _):
    # grpcio compresses all messages of a client's call or none: the case's two messages go in two calls.
    def upload(size, expected, **options):
        requests = iter([StreamingInputCallRequest(payload=zeros(size), expect_compressed=BoolValue(value=expected))])
        same(size, stub.StreamingInputCall(requests, timeout=PATIENCE, **options).aggregated_payload_size, "sum of the sizes")

    upload(27182, True, compression=GZIP)
    upload(45904, False)


def server_compressed_unary(stub, _):
    unary(stub, response_compressed=BoolValue(value=True))
    unary(stub, response_compressed=BoolValue(value=False))


def server_compressed_streaming(stub, _):
    parameters = [ResponseParameters(size=31415, compressed=BoolValue(value=True)), ResponseParameters(size=92653, compressed=BoolValue(value=False))]
    responses = stub.StreamingOutputCall(StreamingOutputCallRequest(response_parameters=parameters), timeout=PATIENCE)
    same([31415, 92653], [len(response.payload.body) for response in responses], "sizes of the responses")


def cancel_after_begin(stub, _):
    call = stub.StreamingInputCall.future(iter(Requests()), timeout=PATIENCE)
    call.cancel()
    same(True, call.cancelled(), "cancelled")
    same(grpc.StatusCode.CANCELLED, call.code(), "status")


def cancel_after_first_response(stub, _):
    requests = Requests()
    responses = stub.FullDuplexCall(requests, timeout=PATIENCE)
    requests.write(asking(27182, 31415))
    same(31415, len(next(responses).payload.body), "size of the response")
    responses.cancel()
    fails_with(grpc.StatusCode.CANCELLED, lambda: next(responses))
    requests.complete()


def timeout_on_sleeping_server(stub, _):
    requests = Requests()
    requests.write(StreamingOutputCallRequest(payload=zeros(27182)))
    responses = stub.FullDuplexCall(requests, timeout=0.001)
    fails_with(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(responses))
    requests.complete()


def custom_metadata(stub, _):
    def arrived(call):
        same(CUSTOM[0][1], dict(call.initial_metadata()).get(CUSTOM[0][0]), "initial metadata")
        same(CUSTOM[1][1], dict(call.trailing_metadata()).get(CUSTOM[1][0]), "trailing metadata")

    arrived(unary(stub, options={"metadata": CUSTOM}))
    call = stub.FullDuplexCall(iter([asking(REQUEST, RESPONSE)]), timeout=PATIENCE, metadata=CUSTOM)
    same([RESPONSE], [len(response.payload.body) for response in call], "sizes of the responses")
    arrived(call)


def status_code_and_message(stub, _):
    status = EchoStatus(code=2, message="test status message")
    fails_with(grpc.StatusCode.UNKNOWN, lambda: unary(stub, 1, 1, response_status=status), status.message)
    duplex = stub.FullDuplexCall(iter([StreamingOutputCallRequest(response_status=status)]), timeout=PATIENCE)
    fails_with(grpc.StatusCode.UNKNOWN, lambda: list(duplex), status.message)


def special_status_message(stub, _):
    status = EchoStatus(code=2, message="\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")
    fails_with(grpc.StatusCode.UNKNOWN, lambda: unary(stub, 1, 1, response_status=status), status.message)


def unimplemented_method(stub, _):
    fails_with(grpc.StatusCode.UNIMPLEMENTED, lambda: stub.UnimplementedCall(Empty(), timeout=PATIENCE))


def unimplemented_service(_, address):
    with grpc.insecure_channel(address) as channel:
        other = Stub(channel, "grpc.testing.UnimplementedService")
        fails_with(grpc.StatusCode.UNIMPLEMENTED, lambda: other.UnimplementedCall(Empty(), timeout=PATIENCE))


def rpc_soak(stub, _):
    for _ in range(100):
        unary(stub)


def channel_soak(_, address):
    for _ in range(20):
        # Channels of equal arguments share a connection unless they are told not to.
        with grpc.insecure_channel(address, options=(("grpc.use_local_subchannel_pool", 1),)) as channel:
            unary(Stub(channel))


CASES = {case.__name__: case for case in (
    empty_unary, large_unary, client_streaming, server_streaming, ping_pong, empty_stream,
    client_compressed_unary, client_compressed_streaming, server_compressed_unary, server_compressed_streaming,
    cancel_after_begin, cancel_after_first_response, timeout_on_sleeping_server, custom_metadata,
    status_code_and_message, special_status_message, unimplemented_method, unimplemented_service, rpc_soak, channel_soak)}


def run(case, address):
    with grpc.insecure_channel(address) as channel:
        CASES[case](Stub(channel), address)
