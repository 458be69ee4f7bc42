"""./bank demo: show the demo logins; --reset throws the demo bank away and makes it anew."""

import argparse
import fcntl
import shutil
import sys

from wekeza.runtime import env
from wekeza.runtime.run import LOGINS
from wekeza.runtime.servers import Servers


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank demo", description=__doc__)
    asked.add_argument("--reset", action="store_true", help="make the demo bank anew")
    folder = env.data_folder()
    if asked.parse_args().reset:
        return _reset(folder)
    logins = folder / LOGINS
    if not logins.exists():
        print("There is no demo bank yet: ./bank run makes one.")
        return 1
    print(logins.read_text().rstrip())
    return 0


def _reset(folder) -> int:
    if env.flag("PRODUCTION") or env.text("DATABASE_URL"):
        print("Only the embedded demo bank can be reset.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("The bank runs; close it first (Ctrl-C).", file=sys.stderr)
            return 1
        servers = Servers()
        servers.stop()
        for name in ("postgres", "valkey"):
            shutil.rmtree(folder / name, ignore_errors=True)
        (folder / LOGINS).unlink(missing_ok=True)
    print("The demo bank is gone; ./bank run makes a new one.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
