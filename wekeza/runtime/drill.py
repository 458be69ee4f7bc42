"""./bank drill NAME: run one of the drills that wekeza/wiring.py names."""

import sys

from wekeza import wiring
from wekeza.runtime import named

if __name__ == "__main__":
    sys.exit(named.run("drill", wiring.DRILLS))
