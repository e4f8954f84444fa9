"""Each planted illness is doubted by the check that is named for it; who is well is not doubted."""

import math
import re
import warnings
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from robustlib.diagnosis import ANSWERS, SLOPES, diagnose
from robustlib.errors import InputError
from robustlib.recipe import recipe
from robustlib.run import load_model, pictures_of, zoo
from tests.robustlib._ward import EPS, ILL, behind

SHAPE = (3, 6, 6)


@pytest.fixture
def known(net, pictures, labels_of):
    model, images = net(shape=SHAPE, dtype=torch.float32), pictures(24, SHAPE, torch.float32)
    return model, images, labels_of(model, images)


@pytest.mark.parametrize(("name", "before", "after"), ILL)
def test_each_illness_is_doubted_by_name_and_its_finding_says_what_to_do(
    name, before, after, known
) -> None:
    model, images, labels = known
    found = diagnose(behind(model, before, after), images, labels, eps=EPS)
    assert not found.healthy
    (doubt,) = [each for each in found.doubts if each.name == name]
    assert min(map(len, (doubt.seen, doubt.why, doubt.advice))) > 5


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("classes", [2, 10])
def test_who_is_well_is_not_doubted(seed, classes, net, pictures, labels_of) -> None:
    model, images = net(classes, SHAPE, torch.float32, seed), pictures(24, SHAPE, torch.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = diagnose(model, images, labels_of(model, images), eps=EPS)
    assert [(each.name, each.seen) for each in found.doubts] == []
    assert all(each.healthy for each in found.findings)
    shifted = diagnose(behind(model, None, lambda logits: logits.log_softmax(1)), images, eps=EPS)
    assert [(each.name, each.seen) for each in shifted.doubts] == []


@pytest.mark.parametrize("name", zoo())
def test_the_zoo_is_well_and_seen_so(name) -> None:
    some = pictures_of(recipe(zoo()[name].recipe).test).take(torch.arange(12))
    found = diagnose(load_model(name), some.images, some.labels)
    assert [(each.name, each.seen) for each in found.doubts] == []


def test_what_cannot_be_examined_is_neither_well_nor_doubted(known) -> None:
    model, images, _ = known
    verdicts = {each.name: each.healthy for each in diagnose(model, images, eps=EPS).findings}
    assert verdicts.pop("inside") is None
    assert all(verdicts.values())
    cases = [
        (lambda logits: logits.argmax(1), {*ANSWERS, *SLOPES, "inside"}),
        (lambda logits: logits.detach(), {*SLOPES, "inside"} - {"slope"}),
        (lambda logits: logits - logits.mean(0), {"unbounded", "black box", "inside"}),
        (torch.nn.Dropout(0.5).train().forward, {*SLOPES, "rows", "inside"} - {"slope"}),
    ]
    for after, blind in cases:
        found = diagnose(behind(model, None, after), images, eps=EPS)
        assert {each.name for each in found.findings if each.healthy is None} == blind


def test_train_mode_is_doubted_and_comes_back(known, random_states) -> None:
    model, images, labels = known
    model[1].train()
    before = random_states(), {name: each.clone() for name, each in model.state_dict().items()}
    found = diagnose(model, images, labels, eps=EPS)
    assert [each.name for each in found.doubts] == ["mode"]
    assert "'1'" in found.doubts[0].seen
    assert [module.training for module in model] == [False, True, False, False, False]
    assert random_states() == before[0]
    assert all(torch.equal(each, before[1][name]) for name, each in model.state_dict().items())
    model.eval()


def test_a_model_in_half_precision_is_shown_pictures_of_its_kind(known, net) -> None:
    _, images, labels = known
    coarse = net(shape=SHAPE, dtype=torch.bfloat16)
    doubts = {each.name for each in diagnose(coarse, images, labels, eps=EPS).doubts}
    assert "precision" in doubts


@pytest.mark.parametrize("kind", [RuntimeError, AssertionError, ValueError, KeyError])
def test_a_check_that_the_model_lets_down_is_a_doubt(kind, known) -> None:
    class Full(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            if len(images) == 1:
                raise kind("one picture is too few")
            return known[0](images)

    found = diagnose(Full().eval(), *known[1:], eps=EPS)
    (said,) = [each.seen for each in found.doubts if each.name == "rows"]
    assert "the model failed: " in said
    assert "one picture is too few" in said


def test_statistics_of_the_batch_are_doubted_though_one_picture_has_none(known) -> None:
    """PyTorch raises a ValueError there, where each channel is one number."""
    norm = nn.BatchNorm1d(4, track_running_stats=False)
    found = diagnose(nn.Sequential(known[0], norm).eval(), *known[1:], eps=EPS)
    assert "rows" in [each.name for each in found.doubts]


@pytest.mark.parametrize("kind", [RuntimeError, ValueError, TypeError])
def test_a_model_that_raises_where_a_slope_is_asked_for_has_none(kind, known) -> None:
    class Stubborn(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            if images.requires_grad:
                raise kind("numbers only")
            return known[0](images)

    found = diagnose(Stubborn().eval(), *known[1:], eps=EPS)
    assert math.isnan(found.backward)
    (doubt,) = found.doubts
    assert doubt.name == "slope"
    assert "numbers only" in doubt.seen


def test_a_model_of_buffers_alone_is_shown_pictures_where_they_are() -> None:
    class Fixed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("weight", torch.zeros(2, 2, device="meta"))

        def forward(self, images: Tensor) -> Tensor:
            raise RuntimeError(f"pictures on {images.device}")

    with pytest.raises(InputError, match="pictures on meta"):
        diagnose(Fixed().eval(), torch.rand(3, *SHAPE))


def test_every_check_stands_in_the_reference(known) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "diagnosis.md"
    rows = re.findall(r"^\| ([a-z ]+) \| .*\?", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [each.name for each in diagnose(*known, eps=EPS).findings]


def test_a_record_is_flat_and_says_how_fast(known) -> None:
    model, images, _ = known
    told: list[tuple[str, int, int]] = []
    found = diagnose(model, images, eps=EPS, report=lambda *each: told.append(each))
    record = found.record()
    assert all(isinstance(value, str | int | float) for value in record.values())
    assert (record["healthy"], record["images"], record["classes"]) == (1, 24, 4)
    assert (record["rows"], record["inside"]) == ("healthy", "not examined")
    assert 0 < record["forward_seconds"] < 60
    assert 0 < record["backward_seconds"] < 60
    assert [place for _, place, _ in told] == list(range(11))
    blind = diagnose(behind(model, None, lambda logits: logits.argmax(1)), images)
    assert (blind.classes, math.isnan(blind.backward)) == (0, True)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (torch.rand(1, *SHAPE), None, "two pictures at least, not 1"),
        (torch.rand(3, *SHAPE), torch.zeros(2), r"3 pictures came with labels of shape \(2,\)"),
        (torch.rand(3, *SHAPE) * 255, None, "images lie in"),
        (torch.rand(3, 5, 6, 6), None, r"fails on pictures of shape \(3, 5, 6, 6\): .*channels"),
    ],
)
def test_what_is_no_examination_is_refused(images, labels, message, net) -> None:
    with pytest.raises(InputError, match=message):
        diagnose(net(shape=SHAPE, dtype=torch.float32), images, labels)


def test_a_model_that_asserts_its_size_is_told_what_it_was_shown() -> None:
    class Asserting(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            raise AssertionError("64 wide, please")

    with pytest.raises(InputError, match=r"fails on pictures of shape \(3, 3, 6, 6\): 64 wide"):
        diagnose(Asserting().eval(), torch.rand(3, *SHAPE))
