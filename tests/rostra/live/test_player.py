"""The player: what it says of a run is true of the 8-bit picture; the models' answers are known."""

import base64
import itertools
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from robustlib.data.signs import signs
from rostra.live import pixels, player
from rostra.live.player import View, amplification, play, ready
from rostra.live.settings import Settings, Source
from rostra.live.side import probabilities
from rostra.live.words import MESSAGES, VisitorError

GREY = torch.full((3, 32, 32), 128, dtype=torch.uint8)
SOURCE = Source("signs", "pixels", data=pixels.uri(GREY))


class Line(nn.Module):
    """Class 0 on one side of a hyperplane, class 1 on the other, `levels` away from mid-grey."""

    def __init__(self, levels: float, *, smooth: bool = False) -> None:
        super().__init__()
        draw = torch.Generator().manual_seed(0)
        signs_of = torch.randint(0, 2, (3072,), generator=draw) * 2.0 - 1
        signs_of = torch.ones(3072) if smooth else signs_of
        self.normal = nn.Parameter(signs_of)
        middle = float((signs_of * 128 / 255).sum())
        self.offset = 3072 * levels / 255 - middle  # how far `levels` on every number reach

    def forward(self, images: Tensor) -> Tensor:
        side = (images.flatten(1) @ self.normal + self.offset) / 100
        rest = torch.full((len(images), 14), -50.0)
        return torch.cat([torch.stack([side, -side], 1), rest], 1)


@pytest.fixture(autouse=True)
def _lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard model flips at 4.5 levels, the robust one at 20.5."""
    nets = {"signs_standard": Line(4.5).eval(), "signs_robust": Line(20.5).eval()}
    monkeypatch.setattr(player, "model", lambda name, _: nets[name])


def last(run: Settings, language: str = "en") -> View:
    *_, view = play(run, language)
    return view


def seen(view: View, name: str) -> Tensor:
    data = view["models"][name]["picture"].removeprefix(pixels.URI)
    return pixels.from_png(base64.b64decode(data))


@pytest.mark.parametrize(
    ("eps", "phases"), [(4, ["holds", "holds"]), (5, ["fooled", "holds"]), (21, ["fooled"] * 2)]
)
def test_a_linear_model_falls_at_its_distance_and_not_before(eps: int, phases: list[str]) -> None:
    view = last(Settings(SOURCE, eps=eps, steps=10))
    assert [side["phase"] for side in view["models"].values()] == phases
    for side in view["models"].values():
        assert side["cost"]["linf"] == pytest.approx(eps / 255)
        assert side["cost"]["l0"] == 1024
        assert side["cost"]["l1"] == pytest.approx(3072 * eps / 255)
        assert side["cost"]["gradients"] == 10


def test_the_picture_is_what_was_measured() -> None:
    view = last(Settings(SOURCE, eps=5, steps=5))
    adversarial = seen(view, "standard")
    cost = view["models"]["standard"]["cost"]
    measured = pixels.distances(GREY, adversarial)
    assert {name: cost[name] for name in measured} == measured
    with torch.no_grad():
        outputs = Line(4.5)(pixels.to_floats(adversarial)[None])[0]
    assert view["models"]["standard"]["probs"] == probabilities(outputs)[:3]


def test_a_success_that_rounding_undoes_is_not_called_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 4.6 of 255 the attack wins by fractions of a level; rounded towards grey it is 4."""
    view = last(Settings(SOURCE, eps=4.6, steps=10))
    assert view["models"]["standard"]["phase"] == "rounded"
    assert view["models"]["standard"]["probs"][0][0] == 0
    assert int((seen(view, "standard").int() - 128).abs().max()) == 4


def test_a_target_is_reached_or_not() -> None:
    assert last(Settings(SOURCE, eps=8, steps=5, goal=1))["models"]["standard"]["phase"] == "fooled"
    view = last(Settings(SOURCE, eps=32, steps=5, goal=7))
    assert [side["phase"] for side in view["models"].values()] == ["holds", "holds"]
    assert view["fooled"] == 7


@pytest.mark.parametrize(("eps", "other"), [(8, "resists"), (24, "transfers")])
def test_one_model_is_attacked_and_the_other_reads_its_picture(eps: int, other: str) -> None:
    """Both lines have the same normal: what goes 24 levels for the one is enough for both."""
    *going, view = play(Settings(SOURCE, eps=eps, steps=10, victim="standard"), "en")
    assert [side["phase"] for side in view["models"].values()] == ["fooled", other]
    standard, robust = view["models"].values()
    assert robust["picture"] == standard["picture"]
    outputs = Line(20.5)(pixels.to_floats(seen(view, "standard"))[None])[0].detach()
    assert robust["probs"] == probabilities(outputs)[:3]
    assert robust["cost"]["linf"] == standard["cost"]["linf"]
    assert not {"queries", "gradients", "seconds"} & set(robust["cost"])
    assert "robust" not in view["curve"]
    assert going[0]["models"]["robust"]["phase"] == "resists"  # the picture is still the clean one


def test_the_robust_model_can_be_the_one_attacked() -> None:
    view = last(Settings(SOURCE, eps=24, steps=10, victim="robust"))
    assert [side["phase"] for side in view["models"].values()] == ["transfers", "fooled"]


def test_an_attack_that_cannot_aim_says_so_before_anything_is_shown() -> None:
    with pytest.raises(VisitorError) as refused:
        next(play(Settings(SOURCE, attack="deepfool", goal=1), "en"))
    assert refused.value.key == "untargeted"
    assert "deepfool" in refused.value.text("zh")


def test_of_no_budget_it_is_said_that_nothing_may_change() -> None:
    for eps, told in ((0, True), (8, False)):
        notes = last(Settings(SOURCE, eps=eps, steps=2))["notes"]
        assert (MESSAGES["zero"][0] in notes) is told


def test_the_goal_is_not_the_picture_itself() -> None:
    with pytest.raises(VisitorError) as refused:
        list(play(Settings(Source("signs", index=3), goal=3), "en"))
    assert refused.value.key == "same"


def test_ready_shows_what_both_say_before() -> None:
    view = ready(SOURCE, "zh")
    assert view["phase"] == "ready"
    assert view["label"] is None
    assert [side["phase"] for side in view["models"].values()] == ["clean", "clean"]
    assert view["models"]["standard"]["probs"][0][0] == 0
    assert view["models"]["robust"]["cost"] is None
    assert any("没有人" in note for note in view["notes"])
    assert view["python"] is None


def test_a_picture_that_a_model_misreads_is_said() -> None:
    first = signs(16, split="test").labels.tolist().index(5)
    view = ready(Source("signs", index=first), "en")
    assert view["label"] == 5
    assert {side["phase"] for side in view["models"].values()} == {"wrong"}


def test_views_come_at_most_eight_a_second_and_the_last_one_is_done() -> None:
    moments = [view["phase"] for view in play(Settings(SOURCE, steps=100), "en")]
    assert moments[0] == "running"
    assert moments[-1] == "done"
    assert set(moments[:-1]) == {"running"}
    assert len(moments) < 100


def test_closing_stops_the_attack() -> None:
    calls = 0

    def counted(*_: object) -> None:
        nonlocal calls
        calls += 1

    net = player.model("signs_standard", "cpu")
    handle = net.register_forward_hook(counted)
    going = play(Settings(SOURCE, steps=100), "en")
    next(going)
    next(going)
    going.close()
    before = calls
    handle.remove()
    assert before < 100
    assert all(parameter.requires_grad for parameter in net.parameters())


def test_a_run_that_takes_too_long_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "DEADLINE", 0.0)
    view = last(Settings(SOURCE, eps=5, steps=100))
    assert view["phase"] == "done"
    assert any("Stopped after" in note for note in view["notes"])
    assert view["step"] < 100


def test_a_run_that_waits_for_others_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock on the wall an hour passes at each look; worked for it is next to nothing."""
    hours = itertools.count(step=3600)
    monkeypatch.setattr(player, "time", SimpleNamespace(perf_counter=lambda: next(hours)))
    view = last(Settings(SOURCE, eps=5, steps=30))
    assert view["step"] == 30
    assert not any("Stopped after" in note for note in view["notes"])


def test_an_attack_that_pays_by_the_query_stops_when_it_has_won(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Squares of one colour meet a model that sums up brightness."""
    monkeypatch.setattr(player, "model", lambda *_: Line(4.5, smooth=True).eval())
    view = last(Settings(SOURCE, attack="square", eps=32, steps=20))
    for side in view["models"].values():
        assert side["phase"] == "fooled"
        assert 0 < side["cost"]["queries"] < 200
        assert side["cost"]["gradients"] == 0


def test_the_factor_is_the_budgets_and_shows_it_well_inside_grey() -> None:
    for eps in range(1, 33):
        factor = amplification(Settings(SOURCE, eps=eps), GREY)
        assert factor >= 1
        assert eps * factor <= 127
    assert amplification(Settings(SOURCE, eps=8), GREY) == 12
    assert amplification(Settings(SOURCE, eps=0), GREY) == 1
    assert amplification(Settings(SOURCE, threat="l2", eps=1.0), GREY) == 5
