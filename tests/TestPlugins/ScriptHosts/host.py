#!/usr/bin/env python3
"""The least that a host's command does in a conformance run: start the plugin, call it, stop it. It has no patience, no limits and no mercy, and fails many cases for that."""
import os
import subprocess
import sys

import grpc

environment = {**os.environ, "PLUGWIRE_PLUGIN": "7d1f5a8e-4c37-4b0e-9a55-started-by-a-plugwire-host", "PLUGIN_PROTOCOL_VERSIONS": "1"}
plugin = subprocess.Popen([sys.argv[1]], stdout=subprocess.PIPE, env=environment)
address = plugin.stdout.readline().decode().split("|")[3]
with grpc.insecure_channel("unix:" + address) as channel:
    channel.unary_unary("/plugwire.conformance.v1.Conformance/Echo")(b"")
    channel.unary_unary("/plugin.GRPCController/Shutdown")(b"")
sys.exit(plugin.wait())
