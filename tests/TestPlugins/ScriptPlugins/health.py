#!/usr/bin/python3
"""The smallest plugin in Python: grpcio, and messages written by hand, so that nothing has to be generated."""
import os
import signal
import sys
import tempfile
import threading
from concurrent import futures

import grpc

COOKIE = ("PLUGWIRE_PLUGIN", "7d1f5a8e-4c37-4b0e-9a55-started-by-a-plugwire-host")
VERSION = 1


def refuse(why):
    print(why, file=sys.stderr)
    sys.exit(1)


def health(request, context):
    # HealthCheckRequest: field 1, a string. HealthCheckResponse: field 1, the enum's 1 for SERVING.
    if request != b"\x0a\x06plugin":
        context.abort(grpc.StatusCode.NOT_FOUND, "There is no such service.")
    return b"\x08\x01"


def bind(address, end):
    stop = threading.Event()

    def shutdown(request, context):
        end.set()
        return b""

    def console(request, context):
        # Nothing is ever printed: the stream is open as long as the plugin runs.
        context.add_callback(stop.set)
        stop.wait()
        return iter(())

    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers((
        grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": grpc.unary_unary_rpc_method_handler(health)}),
        grpc.method_handlers_generic_handler("plugin.GRPCController", {"Shutdown": grpc.unary_unary_rpc_method_handler(shutdown)}),
        grpc.method_handlers_generic_handler("plugin.GRPCStdio", {"StreamStdio": grpc.unary_stream_rpc_method_handler(console)}),
    ))
    if server.add_insecure_port("unix:" + address) == 0:
        refuse("The plugin cannot listen at " + address)
    server.start()
    return server, stop


def main():
    if os.environ.get(COOKIE[0]) != COOKIE[1]:
        refuse("This program is a plugin: it is started by the application that it extends.")
    if os.environ.get("PLUGIN_CLIENT_CERT"):
        refuse("The host wants TLS, which this plugin does not speak.")

    directory = os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or tempfile.gettempdir()
    if not os.path.isdir(directory):
        refuse("The host wants the plugin's socket in " + directory + ", and there is no such directory.")

    end = threading.Event()
    # Ctrl+C in a terminal reaches host and plugin alike: it is the host's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: end.set())

    address = os.path.join(directory, "plugin%d" % os.getpid())
    server, stop = bind(address, end)
    print("1|%d|unix|%s|grpc|" % (VERSION, address), flush=True)
    end.wait()
    stop.set()
    server.stop(grace=0.5).wait()
    if os.path.exists(address):
        os.remove(address)


if __name__ == "__main__":
    main()
