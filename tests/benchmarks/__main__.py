"""Runs the measurements, prints them as a table, and writes build/bench.json.

`python -m tests.benchmarks [PART…]` runs the modules whose names contain one of the parts.
"""

import importlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "build" / "bench.json"


def main(parts: list[str]) -> int:
    modules = sorted(path.stem for path in HERE.glob("bench_*.py"))
    chosen = [name for name in modules if not parts or any(part in name for part in parts)]
    if not chosen:
        print(f"No measurements to run (there are: {', '.join(modules) or 'none'})")
        return 1
    row = "{:<28} {:>12} {:<8} {:>8}  {:<14} {}"
    print(row.format("name", "value", "unit", "ratio", "goal", "beside"))
    found = []
    for name in chosen:
        for measure in importlib.import_module(f"tests.benchmarks.{name}").measure():
            found.append(measure.as_json())
            ratio = "" if measure.ratio is None else f"{measure.ratio:.2f}"
            beside = f"{measure.peer} {measure.peer_value:,.3g}" if measure.peer_value else ""
            value = f"{measure.value:,.4g}" if measure.value < 10_000 else f"{measure.value:,.0f}"
            print(row.format(measure.name, value, measure.unit, ratio, measure.goal, beside))
            sys.stdout.flush()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"Written: {OUT.relative_to(OUT.parents[1])}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
