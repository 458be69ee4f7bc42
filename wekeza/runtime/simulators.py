"""The providers of the demo bank, pretended: one process on the loopback address."""

import sys
from http.server import ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from accounts.registry import simulator as registers
from lending.bureau import simulator as bureaus
from wekeza.kit.pretending import LOOPBACK
from wekeza.runtime import env


def main() -> int:
    told = {name: urlsplit(env.text(name)) for name in PRETENDED if env.text(name)}
    is_here = told and all(address.hostname == LOOPBACK for address in told.values())
    if not env.flag("WEKEZA_DEMO") or env.flag("PRODUCTION") or not is_here:
        print("Providers are pretended for a demo bank only, on this machine.", file=sys.stderr)
        return 1
    servers = [PRETENDED[name](address.port) for name, address in told.items()]
    threads = [Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def _register(port: int) -> ThreadingHTTPServer:
    return registers.serve(registers.Register.of_demo(env.text("IPRS_TOKEN")), port=port)


def _bureau(port: int) -> ThreadingHTTPServer:
    keys = env.text("METROPOL_PUBLIC_KEY"), env.text("METROPOL_PRIVATE_KEY")
    return bureaus.serve(bureaus.Bureau.of_demo(*keys), port=port)


# By what a bank is told; the register is the phone network as well.
PRETENDED = {"IPRS_URL": _register, "METROPOL_URL": _bureau}

if __name__ == "__main__":
    sys.exit(main())
