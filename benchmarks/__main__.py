"""Run the benchmarks that take minutes, or those that are named (`python -m benchmarks pgd`)."""

import sys
from importlib import import_module
from inspect import signature
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
# Run by name only, and why.
LEFT_OUT = {
    "conformance": "asks forty attacks eighteen things, and goes on where it was stopped",
    "fuzz": "tries random victims and settings for ten minutes: make gates",
    "gpu": "needs a CUDA device: make gpu",
    "site_scale": "builds up to 20,000 talks, which takes an hour: make gates",
    "strength": "takes core-hours, in shards that go on where they stopped (--hours, --only)",
    "strength_autozoom": "takes minutes a model, and goes on where it stopped",
    "zoo_montage": "rewrites two cards of the zoo and their picture",
    "zoo_strength": "takes hours, in pieces that go on where they stopped: make gates",
}
USUAL = [name for name in NAMES if name not in LEFT_OUT]


def usage() -> str:
    """What is run without names, and what only by name."""
    lines = [
        "python -m benchmarks [NAME ...]",
        f"without names, in minutes: {', '.join(USUAL)}",
        "by name only:",
        *(f"  python -m benchmarks {name}: {why}" for name, why in LEFT_OUT.items()),
    ]
    return "\n".join(lines)


def has_options(name: str) -> bool:
    """Whether a benchmark can be told anything."""
    return bool(signature(import_module(f"benchmarks.{name}").main).parameters)


def main(words: list[str]) -> int:
    """Run each named benchmark, or say which there are; options are those of one that has some."""
    first = next((at for at, word in enumerate(words) if word[:1] == "-"), len(words))
    names, options = (words[:first], words[first:]) if first else (words, [])
    if unknown := [name for name in names if name not in NAMES]:
        asked = set(unknown) <= {"-h", "--help"}
        print(usage() if asked else f"no benchmark {', '.join(unknown)}\n{usage()}")
        return 0 if asked else 2
    if options and (deaf := [name for name in names if not has_options(name)]):
        print(f"no options for {', '.join(deaf)}: {' '.join(options)}\n{usage()}")
        return 2
    for name in names or USUAL:
        module = import_module(f"benchmarks.{name}")
        print(f"\n== {name}: {(module.__doc__ or '').splitlines()[0]}")
        module.main(options) if options else module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
