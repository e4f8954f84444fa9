"""Planted defences: layers that hide a net, and whether what they hide is broken all the same.

A net that is not defended is broken by the attack itself; the same net behind a layer that takes
away slopes or adds chance is no harder to break, it only looks so. An attack keeps the promise if
it breaks as many pictures as before, one left out: by itself, or asked again as its library's own
warning advises. Too few of them without a word are what the promise is about.
"""

import dataclasses
import warnings
from collections.abc import Callable

from torch import Tensor, nn

from robustlib._border import seeded
from robustlib.conformance._base import Finding, Known, Subject, hits
from robustlib.conformance._nets import radius, small
from robustlib.questions import Access

Layer = Callable[[Tensor], Tensor]
LOOKS = 64
"""At a victim that answers at random; what most of them say is its answer."""


class Defended(nn.Module):
    """after(net(before(images))), for whoever attacks it to take apart."""

    def __init__(
        self, net: nn.Module, before: Layer | None = None, after: Layer | None = None
    ) -> None:
        super().__init__()
        self.net = net
        self.before, self.after = before or nn.Identity(), after or nn.Identity()
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        """Its answers."""
        return self.after(self.net(self.before(images)))


class MostSay(nn.Module):
    """The mean of many answers of a victim that answers at random."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        """The mean of its logits."""
        looks: Tensor = self.model(images.repeat_interleave(LOOKS, dim=0))
        return looks.view(len(images), LOOKS, -1).mean(dim=1)


def hidden(subject: Subject, *, before: Layer | None = None, after: Layer | None = None) -> Finding:
    """How many pictures are broken behind layers that answer the same each time."""
    known = small()
    defended = shown(known, Defended(known.model, before, after))
    return _recovered(subject, known, defended, defended)


def chanced(subject: Subject, before: Layer) -> Finding | None:
    """The same behind a layer of chance, judged by what most of 64 answers say.

    The smallest change has no meaning there, and a search that keeps what looked best keeps what
    was lucky: asked are attacks within a radius that see gradients.
    """
    if subject.minimal or subject.access is not Access.WHITE_BOX:
        return None
    known = small()
    defended = shown(known, Defended(known.model, before))
    with seeded():
        return _recovered(subject, known, defended, shown(known, MostSay(defended.model)))


def shown(known: Known, model: nn.Module) -> Known:
    """The same pictures and labels, of another model."""
    return dataclasses.replace(known, model=model)


def _recovered(subject: Subject, plain: Known, defended: Known, judge: Known) -> Finding:
    eps = radius(subject)
    can = _count(plain, subject, subject.run(plain, eps))
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        found = _count(judge, subject, subject.run(defended, eps))
        kinds = {each.category for each in heard}
        told = ", ".join([f"{found} of {can}", *sorted(kind.__name__ for kind in kinds)])
        if found < can - 1 and subject.advised and kinds:
            found = _count(judge, subject, subject.advised(defended, eps, kinds))
            told += f": then {found}"
        elif found < can - 1 and not kinds:
            told += " without a word"
    return Finding(found >= can - 1, told)


def _count(judge: Known, subject: Subject, adversarial: Tensor) -> int:
    return int(hits(judge, subject, adversarial, radius(subject)).sum())
