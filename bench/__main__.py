"""`./run bench [NAME…] [--json FILE]`: every figure beside its budget."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from bench.table import Figure

# Each in a process of its own: settings, memory and database are its alone.
NAMES = ("dispatch", "workbench", "imports", "exports", "verify", "startup", "pages", "consensus")
ROOT = Path(__file__).parent.parent
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"


def main(arguments: list[str]) -> int:
    """Run the named measurements, or all; exit status 1 when a budget is missed."""
    out = _option(arguments, "--json")
    if unknown := set(arguments) - set(NAMES):
        print(
            f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}",
            file=sys.stderr,
        )
        return 2
    figures = [figure for name in arguments or NAMES for figure in _measured(name)]
    for one in figures:
        print(_line(one))
    if out:
        Path(out).write_text(json.dumps([asdict(one) for one in figures], indent=2) + "\n", encoding="utf-8")
    return 1 if any(one.ok is False for one in figures) else 0


def _option(arguments: list[str], name: str) -> str | None:
    if name not in arguments:
        return None
    place = arguments.index(name)
    value = arguments[place + 1] if place + 1 < len(arguments) else ""
    del arguments[place : place + 2]
    return value


def _measured(name: str) -> list[Figure]:
    print(f"measuring {name}…", file=sys.stderr, flush=True)
    if name == "consensus":
        return _beside_crowd_kit()
    code = "import json,sys;from dataclasses import asdict;from importlib import import_module;"
    code += f"print(json.dumps([asdict(f) for f in import_module('bench.{name}').run()]))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    if done.returncode:
        return [Figure(f"{name}: failed", done.returncode, "exit status", 0, ok=False)]
    return [Figure(**one) for one in json.loads(done.stdout.splitlines()[-1])]


def _beside_crowd_kit() -> list[Figure]:
    """The yardstick lives in the bench's own environment, which `./run bench` makes."""
    if not BENCH_PYTHON.exists():
        return [Figure("consensus: .venv-bench is missing", 1, "exit status", 0, ok=False)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
    environment["PYTHONPATH"] = str(ROOT / "src")
    done = subprocess.run(
        [BENCH_PYTHON, ROOT / "bench" / "consensus.py"],
        check=False,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    return [
        Figure(
            one["name"],
            float(one["value"]),
            str(one.get("unit", "")),
            _number(one.get("budget")),
            one.get("ok"),
        )
        for one in json.loads(done.stdout)
    ]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _line(one: Figure) -> str:
    mark = {True: "✓", False: "✗", None: " "}[one.ok]
    budget = "" if one.budget is None else f"   budget {one.budget:g}"
    return f"{mark} {one.name:52} {one.value:12,.1f} {one.unit:10}{budget}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
