"""Run the benchmarks: all of them, or those that are named (`python -m benchmarks pgd site`)."""

import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main(names: list[str]) -> int:
    """Run each named benchmark, or say which there are."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(NAMES)}")
        return 2
    for name in names or NAMES:
        module = import_module(f"benchmarks.{name}")
        print(f"\n== {name}: {(module.__doc__ or '').splitlines()[0]}")
        module.main()
    return 0


sys.exit(main(sys.argv[1:]))
