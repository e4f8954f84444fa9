"""Asks attacks what is known: `python -m robustlib.conformance foolbox:LinfPGD`."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from robustlib.conformance import cases
from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._kept import Kept
from robustlib.conformance._libraries import LIBRARIES, named
from robustlib.conformance._spared import spared
from robustlib.errors import RobustlibError


def main(written: Sequence[str] | None = None) -> int:
    """The command; 1 if a promise is broken."""
    parser = _parser()
    chosen = parser.parse_args(written)
    if chosen.resume and chosen.json is None:
        parser.error("--resume goes on with a file: say which, --json FILE")
    try:
        subjects = [subject for word in chosen.attacks for subject in named(word)]
        picked = {name: cases[name] for name in chosen.case or cases}
    except RobustlibError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    kept = Kept(chosen.json, resume=chosen.resume)
    broken = 0
    for number, subject in enumerate(subjects, 1):
        options = f", {subject.options}" if subject.options else ""
        _say(f"{subject} ({subject.norm.__name__}{options}), {number}/{len(subjects)}")
        broken += sum(_told(subject, name, kept) for name in picked)
    return int(bool(broken))


def _told(subject: Subject, name: str, kept: Kept) -> bool:
    """Asks, or remembers, and tells; whether the promise is broken."""
    began, known = time.monotonic(), kept.known(subject, name)
    one = known[0] if known else asked(name, subject)
    if not known:
        kept.keep(subject, name, one)
    mark = "-" if one is None else "kept" if one.kept else "BROKEN"
    spent = "before" if known else f"{time.monotonic() - began:.1f} s"
    told = one.told if one else f"not put to this kind: {spared(name, subject)}"
    _say(f"  {mark:7} {name.replace('_', ' '):20} {spent:>8}  {told}")
    return one is not None and not one.kept


def asked(name: str, subject: Subject) -> Finding | None:
    """What a case finds; an exception of the attack is a finding too. None: it is not put to it."""
    if spared(name, subject):
        return None
    try:
        return cases[name](subject)
    except Exception as error:
        said = str(error).strip().splitlines()
        return Finding(False, f"{type(error).__name__}: {said[0] if said else ''}"[:100])


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m robustlib.conformance",
        description="Asks attacks of any library what is known for certain.",
        epilog="A promise that is broken makes the exit code 1; a name that is not known, 2.",
    )
    libraries = ", ".join(LIBRARIES)
    parser.add_argument("attacks", nargs="+", help=f"library or library:attack, of {libraries}")
    parser.add_argument("--case", action="append", help="only this case; may be said again")
    parser.add_argument("--json", type=Path, help="write the findings to this file too")
    resume = "take from the --json file what is known of the same versions"
    parser.add_argument("--resume", action="store_true", help=resume)
    return parser


if __name__ == "__main__":
    sys.exit(main())
