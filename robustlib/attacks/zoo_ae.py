"""ZOO in the codes of a decoder."""

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._codes import Decoder, check_decoder, decoded
from robustlib.attacks._spaces import Choice
from robustlib.attacks._zeroth import Plan, Search, by_coordinates
from robustlib.attacks.zoo import by_adam
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import ScoreBased
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images


def zoo_ae(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    decoder: Decoder | None = None,
    code_shape: tuple[int, ...] | None = None,
    steps: int = 1000,
    coordinates: int = 128,
    step_size: float = 0.01,
    width: float = 1e-4,
    c: float = 1.0,
    switch_steps: int = 100,
    draws: Draws,
) -> ScoreBased:
    """Descends random coordinates of a code, which a decoder turns into the change.

    x(z) = image + decoder(z) - decoder(0), and f of x(z) is descended in z as `zoo` does in x

    Args:
        images: Clean images.
        goal: What is wanted; its margin says how far it is.
        threat: `L2`. `eps=inf` asks for the nearest success; where a point leaves a finite ball
            its projection is asked for too, which costs a query more.
        decoder: A function from codes [m, *code_shape] to changes shaped as the images are; None:
            a code is the lower half of the change's frequencies along each axis.
        code_shape: Of one code; given with a decoder.
        steps: Steps, ≥ 1, of 2 · coordinates + 1 queries each.
        coordinates: Numbers of a code moved in each step, ≥ 1; all of them, if there are fewer.
        step_size: The length of Adam's first step, in the code's unit, > 0.
        width: From the point to a probe, in the code's unit, in (0, 1].
        c: The weight of the margin at the start, > 0.
        switch_steps: Steps between two changes of c, ≥ 1.
        draws: The rows' random streams.

    Returns:
        The last iterates.

    Raises:
        InputError: If an option is out of its range, or the decoder's changes are no images.
        ThreatError: If the norm is not L2.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = torch.nn.Linear(4, 2).eval()
        >>> images = torch.full((1, 4), 0.5)
        >>> goal = Misclassify(model(images).argmax(1))
        >>> decoder = torch.nn.Linear(2, 4)
        >>> near = {"decoder": decoder, "code_shape": (2,), "steps": 3}
        >>> attack(model, images, goal, L2(torch.inf), zoo_ae, **near).queries.item()
        17

    Source: tu2019autozoom, section 4

    Differences: those of `zoo`. What the decoder makes of a zero code is taken off, which shifts
        the image before the first step in the official code. All points are cut to the box.
    """
    plan = Plan(steps, step_size, c, switch_steps)
    check_counts(coordinates=coordinates)
    check_range("(0, 1]", width=width)
    check_decoder(decoder, code_shape)
    code = decoded(images, decoder, code_shape)
    search = Search(images, goal, one_of("zoo_ae", threat, L2), code, plan)
    choose = Choice(search, [code], draws, coordinates=coordinates)
    return (yield from by_coordinates(search, choose, width, by_adam))
