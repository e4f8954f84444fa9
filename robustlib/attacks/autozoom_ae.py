"""AutoZOOM-AE: random directions in the codes of a decoder."""

from robustlib._border import check_counts
from robustlib.attacks._base import one_of
from robustlib.attacks._codes import Decoder, check_decoder, decoded
from robustlib.attacks._zeroth import Plan, Search, by_directions
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import ScoreBased
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images


def autozoom_ae(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    decoder: Decoder | None = None,
    code_shape: tuple[int, ...] | None = None,
    steps: int = 1000,
    directions: int = 4,
    step_size: float = 0.01,
    c: float = 1.0,
    switch_steps: int = 100,
    draws: Draws,
) -> ScoreBased:
    """Descends along random directions of a code, which a decoder turns into the change.

    x(z) = image + decoder(z) - decoder(0), and f of x(z) is descended as by `autozoom_bilin`

    Args:
        images: Clean images.
        goal: What is wanted; its margin says how far it is.
        threat: `L2`. `eps=inf` asks for the nearest success; where a point leaves a finite ball
            its projection is asked for too, which costs a query more.
        decoder: A function from codes [m, *code_shape] to changes shaped as the images are, as
            `robustlib.autoencoder.autoencoder` learns it from an attacker's own pictures; None:
            a code is the lower half of the change's frequencies along each axis.
        code_shape: Of one code; given with a decoder.
        steps: Steps, ≥ 1, of 2 queries each until a row's first success, then of directions + 1.
        directions: In each step after a row's first success, ≥ 1; before it there is one.
        step_size: The length of Adam's first step, in the code's unit, > 0.
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
        >>> trained = {"decoder": torch.nn.Linear(3, 4), "code_shape": (3,)}
        >>> result = attack(model, images, goal, L2(torch.inf), autozoom_ae, steps=2, **trained)
        >>> result.queries.item() >= 6
        True

    Source: tu2019autozoom, algorithm 1

    Differences: those of `autozoom_bilin`. What the decoder makes of a zero code is taken off,
        which shifts the image before the first step in the official code; the decoder is the
        user's, trained on other images.
    """
    plan = Plan(steps, step_size, c, switch_steps)
    check_counts(directions=directions)
    check_decoder(decoder, code_shape)
    code = decoded(images, decoder, code_shape)
    search = Search(images, goal, one_of("autozoom_ae", threat, L2), code, plan)
    return (yield from by_directions(search, directions, draws))
