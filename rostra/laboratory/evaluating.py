"""From the wishes at the command line to files of robustness curves."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rostra.laboratory.curving import Asked, attacks_of, curves_of, norm_of, pictures_for, radii_of
from rostra.laboratory.loading import model_of
from rostra.laboratory.printing import shares, telling
from rostra.laboratory.reporting import write

if TYPE_CHECKING:
    from robustlib.card import Card

STRONGEST = "worst_case"


@dataclass(frozen=True)
class Wishes:
    """What stands at the command line; None where nothing does."""

    model: str
    eps: str | None
    threat: str | None
    points: int | None
    attacks: str | None
    seed: int | None
    together: bool

    def asked(self) -> Asked:
        """The wishes, with the card's own where there are none.

        Raises:
            RobustlibError: A name is unknown.
            typer.BadParameter: The radii are none, or there is no card to take them from.
        """
        card = _card(self.model)
        norm = norm_of(self.threat or (card.threat.norm if card else "Linf"))
        own = str(card.threat.eps) if card and card.threat.norm == norm else None
        eps = self.eps or own
        if eps is None:
            why = f"there is no card that names a radius in {norm}: give one, such as 0:16/255"
            raise typer.BadParameter(why, param_hint="--eps")
        seed = self.seed if self.seed is not None else card.seed if card else 0
        radii = radii_of(eps, self.points, norm)
        attacks = attacks_of(self.attacks or STRONGEST)
        return Asked(self.model, norm, radii, attacks, self.together, seed)


def draw(
    wishes: Wishes,
    *,
    data: str | None,
    count: int | None,
    device: str,
    out: Path | None,
    resume: bool,
) -> None:
    """Attack at each radius, print the shares, write figures, tables and the report."""
    from robustlib.run import device_of

    asked = wishes.asked()
    model = model_of(asked.model, device_of(device))
    pictures = pictures_for(asked.model, data, count)
    folder = out or Path("runs") / f"{asked.name.replace(':', '-')}-{asked.norm}"
    kept = folder / "shards"
    kept.mkdir(parents=True, exist_ok=True)  # where nothing can be written, that is told at once
    with telling() as tell:
        curves = curves_of(asked, model, pictures, folder=kept, resume=resume, tell=tell)
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    files = write(folder, asked, pictures, curves, command)
    shares(f"{asked.name} on {len(pictures)} pictures", asked.norm, curves)
    typer.echo(f"Wrote {folder}: {', '.join(files)}")


def _card(model: str) -> "Card | None":
    from robustlib.run import zoo

    return zoo().get(model)
