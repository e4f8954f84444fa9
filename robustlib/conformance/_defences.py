"""Planted defences: layers that hide a net, and whether what they hide is broken all the same.

A net that is not defended is broken by the attack itself; the same net behind a layer that takes
away slopes or adds chance is no harder to break, it only looks so. An attack keeps the promise if
it breaks as many pictures as before, one left out: by itself, or asked again as its library's own
warning advises. Too few of them without a word are what the promise is about, and a word is one
that names the cause: of a library with warnings of its own the one by that class, which must fall
wherever the attack sees what is hidden; of any other a warning that speaks of it.
"""

import dataclasses
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from robustlib._border import seeded
from robustlib.conformance._base import Finding, Known, Subject, hits
from robustlib.conformance._nets import radius, small
from robustlib.doubts import Doubt, NoSlope, Probabilities, RandomAnswers
from robustlib.questions import Access

Layer = Callable[[Tensor], Tensor]
LOOKS = 64
"""At a victim that answers at random; what most of them say is its answer."""


@dataclass(frozen=True)
class Cause:
    """Why a victim looks stronger than it is, and how one says so.

    Args:
        doubt: Our warning of it.
        words: Parts of words of which a warning or an error of another library has one.
        access: What one must see of the victim to notice, at least.
    """

    doubt: type[Doubt]
    words: str
    access: Access

    def named(self, heard: Sequence[warnings.WarningMessage]) -> bool:
        """Whether one of some warnings names it."""
        return any(
            issubclass(each.category, self.doubt)
            or re.search(self.words, str(each.message).lower())
            for each in heard
            if issubclass(each.category, self.doubt) or not issubclass(each.category, Doubt)
        )


SLOPE = Cause(NoSlope, "gradient|slope|mask|obfuscat|differentiab", Access.WHITE_BOX)
SOFTMAX = Cause(Probabilities, "softmax|probabilit|logit", Access.SCORE)
CHANCE = Cause(RandomAnswers, "random|stochastic|determinis|noise|dropout", Access.DECISION)


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


def hidden(
    subject: Subject, cause: Cause, *, before: Layer | None = None, after: Layer | None = None
) -> Finding:
    """How many pictures are broken behind layers that answer the same each time."""
    known = small()
    defended = shown(known, Defended(known.model, before, after))
    return _recovered(subject, cause, known, defended, defended)


def chanced(subject: Subject, before: Layer) -> Finding:
    """The same behind a layer of chance, judged by what most of 64 answers say."""
    known = small()
    defended = shown(known, Defended(known.model, before))
    with seeded():
        judge = shown(known, MostSay(defended.model))
        return _recovered(subject, CHANCE, known, defended, judge)


def shown(known: Known, model: nn.Module) -> Known:
    """The same pictures and labels, of another model."""
    return dataclasses.replace(known, model=model)


def _recovered(
    subject: Subject, cause: Cause, plain: Known, defended: Known, judge: Known
) -> Finding:
    eps = radius(subject)
    can = _count(plain, subject, subject.run(plain, eps))
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        found = _count(judge, subject, subject.run(defended, eps))
    kinds, named = {each.category for each in heard}, cause.named(heard)
    told = ", ".join([f"{found} of {can}", *sorted(kind.__name__ for kind in kinds)])
    if subject.advised and subject.access >= cause.access and not named:
        return Finding(False, f"{told} without {cause.doubt.__name__}")
    if found >= can - 1:
        return Finding(True, told)
    if not (subject.advised and named):
        return Finding(False, told if named else f"{told} without a word")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the same again
        found = _count(judge, subject, subject.advised(defended, eps, kinds))
    return Finding(found >= can - 1, f"{told}: then {found}")


def _count(judge: Known, subject: Subject, adversarial: Tensor) -> int:
    return int(hits(judge, subject, adversarial, radius(subject)).sum())
