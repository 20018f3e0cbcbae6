"""What a measurement is, and how one is taken."""

import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Measure:
    """One figure. What matters on a shared machine is its ratio to a peer measured in the same run."""

    name: str
    value: float
    unit: str
    goal: str
    peer: str = ""
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.peer_value if self.peer_value else None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "peer": self.peer or None,
            "peerValue": self.peer_value,
            "ratio": self.ratio,
            "goal": self.goal,
        }


def milliseconds(run: Callable[[], object], times: int = 20, warm_up: int = 3) -> list[float]:
    """How long each of `times` runs took, after a few that nobody counts; sorted."""
    for _ in range(warm_up):
        run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1_000)
    return sorted(taken)


def percentile(taken: list[float], share: float) -> float:
    """The figure that `share` of the sorted runs stay below."""
    return taken[min(len(taken) - 1, int(len(taken) * share))]


def rjsf_milliseconds(schema: object, data: object, times: int = 20) -> float:
    """The median that react-jsonschema-form takes to render the same schema and data to HTML."""
    done = subprocess.run(
        ["node", str(HERE / "rjsf.mjs")],
        input=json.dumps({"schema": schema, "data": data, "times": times}),
        env={**os.environ, "NODE_ENV": "production"},
        check=True,
        capture_output=True,
        text=True,
    )
    return statistics.median(json.loads(done.stdout)["milliseconds"])
