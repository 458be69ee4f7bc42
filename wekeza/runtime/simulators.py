"""The providers of the demo bank, pretended: one process on the loopback address."""

import sys
from urllib.parse import urlsplit

from accounts.registry.simulator import LOOPBACK, Register, serve
from wekeza.runtime import env


def main() -> int:
    address = urlsplit(env.text("IPRS_URL"))
    if not env.flag("WEKEZA_DEMO") or env.flag("PRODUCTION") or address.hostname != LOOPBACK:
        print("Providers are pretended for a demo bank only, on this machine.", file=sys.stderr)
        return 1
    serve(Register.of_demo(env.text("IPRS_TOKEN")), port=address.port).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
