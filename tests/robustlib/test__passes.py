"""The one place that calls a model: sizes, shortage of memory, gradients, useless answers."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from robustlib._passes import Passes, Request, Seen, united
from robustlib.attacks.pgd import pgd
from robustlib.engine import attack
from robustlib.errors import ModelError
from robustlib.goals import Misclassify
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import Linf
from tests.robustlib._slope import BALL, Slope, low


def test_k_gradients_come_from_one_forward_pass(net, pictures) -> None:
    model, images = net(5), pictures(7)

    def many(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        many.heard = yield from Gradient(images, of=lambda outputs, rows: outputs)
        return images

    labels = model(images).argmax(1)
    result = attack(model, images, Misclassify(labels), BALL, many, batch_size=3)
    jacobian = torch.func.vmap(torch.func.jacrev(lambda image: model(image[None])[0]))(images)
    assert torch.allclose(many.heard.gradient, jacobian)
    assert result.forwards.tolist() == [2] * 7  # the look, and one; the images return unchanged
    assert result.backwards.tolist() == [5] * 7


@pytest.mark.parametrize("error", ["torch", "cpu"])
def test_a_pass_that_runs_out_of_memory_is_halved(error, net, pictures) -> None:
    class Small(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model, self.sizes = net(), []
            self.eval()

        def forward(self, images: Tensor) -> Tensor:
            self.sizes.append(len(images))
            if len(images) > 3:
                if error == "torch":
                    raise torch.OutOfMemoryError("planted")
                raise RuntimeError("DefaultCPUAllocator: can't allocate memory: planted")
            return self.model(images)

    images, model = pictures(13), Small()
    goal = Misclassify(net()(images).argmax(1))
    result = attack(model, images, goal, Linf(0.05), pgd, batch_size=13, steps=3)
    whole = attack(net(), images, goal, Linf(0.05), pgd, steps=3)
    assert model.sizes[2:6] == [13, 5, 3, 3]
    assert torch.allclose(result.adversarial, whole.adversarial, rtol=0, atol=1e-9)
    assert torch.equal(result.queries, whole.queries)


def test_other_errors_come_through_and_so_does_one_image_too_large() -> None:
    class Full(Slope):
        def forward(self, images: Tensor) -> Tensor:
            raise torch.OutOfMemoryError("planted")

    class Odd(Slope):
        def forward(self, images: Tensor) -> Tensor:
            raise RuntimeError("planted")

    for model in (Full(), Odd()):
        with pytest.raises(RuntimeError, match="planted"):
            attack(model, *low(0.1, 0.2), BALL, pgd)


@pytest.mark.parametrize(
    ("images", "hints"),
    [
        (torch.rand(3, 4, 4), ["x (4, 4) of torch.float32", "image.unsqueeze(0)"]),
        (torch.rand(2, 5, 4, 4), ["2 x (5, 4, 4)"]),
        (torch.rand(1, 3, 4, 4).double(), ["images.float()"]),
    ],
)
def test_what_a_model_raises_says_what_it_was_shown(images, hints) -> None:
    model = nn.Sequential(nn.Conv2d(3, 1, 4), nn.Flatten(), nn.Linear(1, 2)).eval()
    goal = Misclassify(torch.zeros(len(images), dtype=torch.int64))
    with pytest.raises(RuntimeError) as raised:
        attack(model, images, goal, BALL, pgd)
    (note,) = raised.value.__notes__
    for hint in ("unsqueeze", "float()"):
        assert (hint in note) == any(hint in wanted for wanted in hints)
    assert all(hint in note for hint in hints)


def test_gradients_of_parameters_are_never_computed(net, pictures) -> None:
    asked: list[list[bool]] = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
            if "convolution_backward" in str(func):
                asked.append(args[-1])
            return func(*args, **(kwargs or {}))

    model, images = net(), pictures(4)
    goal = Misclassify(model(images).argmax(1))
    with Watch():
        attack(model, images, goal, Linf(1e-4), pgd, steps=3)
    assert asked == [[True, False, False]] * 3
    assert all(parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda images: images.expand(-1, 2) * torch.nan, "answered NaN"),
        (lambda images: images[:1].expand(1, 2).repeat(len(images) + 1, 1), "as many rows"),
        (lambda images: {"logits": images}, "as many rows, not dict; wrap it"),
        (lambda images: (images, None), "as many rows, not tuple; wrap it"),
        (lambda images: torch.cat([1 - images, images], 1).detach(), "no gradient"),
        (lambda images: torch.ones(len(images), 2, requires_grad=True), "no|slope|NaN|depend"),
        (lambda images: torch.cat([(0 * images).sqrt(), images], 1), "gradient is NaN"),
    ],
)
def test_what_no_attack_can_use_is_named(answer, message) -> None:
    with pytest.raises(ModelError, match=message):
        attack(answer, *low(0.25), BALL, pgd, retire="never")


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_requests_share_passes_and_get_their_own_answers(size, exact) -> None:
    """Three requests joined and cut anew: each hears what it would hear alone."""
    sizes: list[int] = []

    def model(shown: Tensor) -> Tensor:
        sizes.append(len(shown))
        return torch.cat([shown**2, shown], dim=1)

    requests = [
        Request((torch.tensor([[0.1], [0.2], [0.3]]),), lambda outputs, part: outputs[:, 0]),
        Request((torch.tensor([[0.4]]),)),
        Request((torch.tensor([[0.5], [0.6]]),), lambda outputs, part: outputs.sum(1)),
    ]
    squares, plain, sums = Passes(model, size=size, exact=exact).show(requests)
    assert squares.gradient is not None
    assert sums.gradient is not None
    assert squares.gradient[:, 0].tolist() == pytest.approx([0.2, 0.4, 0.6])
    assert sums.gradient[:, 0].tolist() == pytest.approx([2.0, 2.2])
    assert plain.outputs[0].tolist() == pytest.approx([0.16, 0.4])
    assert plain.gradient is None
    assert sizes == ([16] if exact else {1: [1] * 6, 2: [2] * 3, 5: [3, 3], 100: [6]}[size])


def test_a_loss_is_told_which_part_of_its_request_it_sees() -> None:
    parts: list[tuple[int, int]] = []

    def loss(outputs: Tensor, part: slice) -> Tensor:
        parts.append((part.start, part.stop))
        return outputs[:, 0]

    requests = [Request((torch.zeros(3, 1),), loss), Request((torch.zeros(4, 1),), loss)]
    Passes(Slope(), size=4).show(requests)
    assert parts == [(0, 3), (0, 1), (1, 4)]


def test_a_model_may_write_into_what_it_is_shown() -> None:
    def clean(images: Tensor) -> Tensor:
        return torch.cat([0.5 - 2 * images, 2 * images - 0.5], dim=1)

    points = torch.tensor([[0.1], [0.2]])
    request = Request((points,), lambda outputs, part: outputs[:, 1])
    (seen,) = Passes(lambda images: clean(images.mul_(3))).show([request])
    assert seen.gradient is not None
    assert seen.gradient[:, 0].tolist() == pytest.approx([6, 6])
    assert points[:, 0].tolist() == pytest.approx([0.1, 0.2])


def test_pieces_without_a_loss_are_united_too() -> None:
    whole = united([Seen(torch.zeros(1, 2)), Seen(torch.ones(2, 2))])
    assert whole.outputs.tolist() == [[0, 0], [1, 1], [1, 1]]
    assert whole.loss is None


def test_what_the_allocator_learns_from_is_no_block_of_the_default_device() -> None:
    made: list[torch.device] = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
            made.append(torch.device(kwargs["device"]))
            return func(*args, **kwargs)

    with torch.device("meta"), Watch():
        Passes(Slope())
    assert made == [torch.device("cpu")]
