"""Processes that do deeds together, on command."""

import json
import subprocess
import time
from collections.abc import Sequence

from wekeza.bench.figures import Slice

HEAD_START = 0.3  # Seconds for every process to read its command.


class Crew:
    """So many processes of one worker program; each speaks JSON, a line at a time."""

    def __init__(self, words: Sequence[str], *, size: int, cwd, environment: dict):
        self._members = [
            subprocess.Popen(
                [str(word) for word in words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=cwd,
                env=environment | {"BENCH_MEMBER": str(number)},
                text=True,
            )
            for number in range(size)
        ]
        for member in self._members:
            self._read(member)

    def work(self, workload: str, *, clients: int, seconds: float) -> Slice:
        """This will let the first `clients` do one kind of deed at the same time."""
        self._tell(clients, {"prepare": workload, "seconds": seconds})
        start = time.time() + HEAD_START
        answers = self._tell(clients, {"do": workload, "seconds": seconds, "start": start})
        return Slice(
            rate=sum(answer["done"] / answer["seconds"] for answer in answers),
            latencies=[each for answer in answers for each in answer["latencies"]],
            failed=sum(answer["failed"] for answer in answers),
        )

    def dismiss(self) -> None:
        """This will end all processes."""
        for member in self._members:
            member.stdin.close()
        for member in self._members:
            member.wait(timeout=30)

    def _tell(self, clients: int, command: dict) -> list[dict]:
        asked = self._members[:clients]
        for member in asked:
            member.stdin.write(json.dumps(command) + "\n")
            member.stdin.flush()
        return [self._read(member) for member in asked]

    def _read(self, member: subprocess.Popen) -> dict:
        line = member.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker of the bench ended: {member.args}")
        return json.loads(line)
