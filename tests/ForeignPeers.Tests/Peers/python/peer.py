#!/usr/bin/env python3
"""A peer on grpcio. `peer.py client CASE ADDRESS` ends with 0 when the interop case holds; `peer.py server ADDRESS` serves until its input ends."""
import sys

if __name__ == "__main__":
    sys.dont_write_bytecode = True
    import client
    import server

    match sys.argv[1:]:
        case ["client", case, address] if case in client.CASES:
            client.run(case, address)
        case ["server", address]:
            server.serve(address)
        case _:
            sys.exit(f"{__doc__}\nCases: {' '.join(client.CASES)}")
