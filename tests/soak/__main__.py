"""`./run soak [NAME…]`: the long fault runs, each with its seed, tries and failures."""

import sys
import time
from importlib import import_module

from bench.house import installation

# (module, tries, whether it needs an installation made around it)
RUNS = {
    "simulation": ("tests.soak.simulation", 100, True),
    "hours": ("tests.soak.hours", 2_000, True),
    "crashes": ("tests.soak.crashes", 100, False),
    "races": ("tests.soak.races", 5, False),
    "backups": ("tests.soak.backups", 20, False),
    "ledger": ("tests.soak.ledger", 200_000, True),
    "imports": ("tests.soak.mutated_imports", 10_000, True),
    "workbench": ("tests.soak.workbench", 100, False),
    "api": ("tests.soak.api", 200, True),
}


def main(names: list[str]) -> int:
    """Run the named ones, or all; exit status 1 when anything failed."""
    unknown = set(names) - set(RUNS)
    if unknown:
        print(f"no such run: {', '.join(sorted(unknown))}; there are {', '.join(RUNS)}", file=sys.stderr)
        return 2
    failures, seed = 0, int(time.time()) % 1_000_000
    for name in names or list(RUNS):
        module, tries, housed = RUNS[name]
        print(f"== {name}: {tries} tries, seed {seed}", flush=True)
        if housed:
            with installation():
                failures += import_module(module).main(tries=tries, seed=seed)
        else:
            failures += import_module(module).main(tries=tries, seed=seed)
    return 1 if failures else 0


if __name__ == "__main__":
    # One run a process: each has settings of its own.
    if len(sys.argv) == 2:
        sys.exit(main(sys.argv[1:]))
    import subprocess

    codes = [subprocess.call([sys.executable, "-m", "tests.soak", name]) for name in sys.argv[1:] or RUNS]
    sys.exit(max(codes))
