"""./bank bench NAME: run one of the benches that wekeza/wiring.py names."""

import sys

from wekeza import wiring
from wekeza.runtime import named

if __name__ == "__main__":
    sys.exit(named.run("bench", wiring.BENCHES))
