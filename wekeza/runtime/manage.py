"""Django's own commands as the application role, with the embedded servers if they are needed."""

import subprocess
import sys

from wekeza.runtime import env, servers


def main() -> int:
    with servers.running():
        return subprocess.run([sys.executable, "manage.py", *sys.argv[1:]], cwd=env.ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
