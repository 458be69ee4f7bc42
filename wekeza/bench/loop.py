"""
What a worker of a bench does: prepare or do one kind of deed when told, and tell what it took.

It imports nothing of ours, because hordak's worker runs in another environment.
"""

import json
import sys
import time
from collections.abc import Callable


def obey(
    workloads: dict[str, Callable[[], None]],
    *,
    prepare: Callable[[str, float], None] = lambda workload, seconds: None,
    gave_up: tuple[type[Exception], ...] = (),
) -> None:
    """
    This will read commands from the standard input until it ends. A workload does one deed at each
    call; StopIteration says that nothing is left to do, `gave_up` what counts as failed.
    """
    _answer({"ready": True})
    for line in sys.stdin:
        command = json.loads(line)
        if "prepare" in command:
            prepare(command["prepare"], command["seconds"])
            _answer({"ready": True})
        else:
            deed = workloads[command["do"]]
            _answer(_repeat(deed, command["start"], command["seconds"], gave_up))


def _repeat(deed: Callable, start: float, seconds: float, gave_up: tuple) -> dict:
    time.sleep(max(start - time.time(), 0))
    latencies, failed = [], 0
    began = now = time.perf_counter()
    while now < began + seconds:
        try:
            deed()
        except StopIteration:
            break
        except gave_up:
            failed += 1
        before, now = now, time.perf_counter()
        latencies.append(int((now - before) * 1e6))
    done = len(latencies) - failed
    return {"done": done, "failed": failed, "seconds": now - began, "latencies": latencies}


def _answer(facts: dict) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
