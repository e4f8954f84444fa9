"""Asks attacks what is known: `python -m robustlib.conformance foolbox:LinfPGD`."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from robustlib.conformance import cases
from robustlib.conformance._base import Case, Finding, Subject
from robustlib.conformance._libraries import LIBRARIES, named
from robustlib.errors import RobustlibError


def main(written: Sequence[str] | None = None) -> int:
    """The command; 1 if a promise is broken."""
    chosen = _parser().parse_args(written)
    try:
        subjects = [subject for word in chosen.attacks for subject in named(word)]
        picked = {name: cases[name] for name in chosen.case or cases}
    except RobustlibError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    found = {}
    for number, subject in enumerate(subjects, 1):
        began = time.monotonic()
        found[str(subject)] = {name: asked(case, subject) for name, case in picked.items()}
        _tell(subject, found[str(subject)], f"{number}/{len(subjects)}", time.monotonic() - began)
    if chosen.json:
        _write(chosen.json, found)
    return int(any(one and not one.kept for each in found.values() for one in each.values()))


def asked(case: Case, subject: Subject) -> Finding | None:
    """What a case finds; an exception of the attack is a finding too."""
    try:
        return case(subject)
    except Exception as error:
        said = str(error).strip().splitlines()
        return Finding(False, f"{type(error).__name__}: {said[0] if said else ''}"[:100])


def _tell(subject: Subject, found: dict[str, Finding | None], place: str, seconds: float) -> None:
    lines = [f"{subject} ({subject.norm.__name__}), {place}, {seconds:.1f} s"]
    for name, one in found.items():
        mark = "-" if one is None else "kept" if one.kept else "BROKEN"
        lines.append(f"  {mark:7} {name.replace('_', ' '):20} {one.told if one else ''}")
    print("\n".join(lines), flush=True)  # noqa: T201


def _write(path: Path, found: dict[str, dict[str, Finding | None]]) -> None:
    plain = {
        subject: {name: vars(one) if one else None for name, one in each.items()}
        for subject, each in found.items()
    }
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    aside.rename(path)


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
    return parser


if __name__ == "__main__":
    sys.exit(main())
