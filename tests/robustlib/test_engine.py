"""The engine's promises that no single attack shows."""

import functools
import itertools
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.engine import Surrogate, attack, craft, stream
from robustlib.errors import AccessError, InputError, ModelError, ThreatError
from robustlib.goals import Misclassify
from robustlib.questions import (
    Access,
    Decision,
    DecisionBased,
    Gradient,
    ScoreBased,
    Scores,
    Transfer,
    WhiteBox,
)
from robustlib.threats import L2, Linf

BALL = Linf(0.5)


class Slope(nn.Module):
    """Two classes on single numbers: class 1 above 0.5. It notes what it is shown, pass by pass."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[list[float]] = []
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        self.shown.append([round(number, 4) for number in images.detach()[:, 0].tolist()])
        return torch.cat([0.5 - images[:, :1], images[:, :1] - 0.5], dim=1)


def low(*numbers: float) -> tuple[Tensor, Misclassify]:
    """Images of class 0, one number each, and the goal to leave it."""
    images = torch.tensor(numbers, dtype=torch.float64)[:, None]
    return images, Misclassify(torch.zeros(len(numbers), dtype=torch.int64))


def stairs(images: Any, goal: Any, threat: Any, *, steps: int = 4, draws: Any) -> ScoreBased:
    """Climbs 0.1 a step, whatever it hears; notes all that it hears."""
    points = images
    for _ in range(steps):
        points = points + 0.1
        stairs.heard.append((yield from Scores(points)))
    return points


@pytest.fixture(autouse=True)
def _silence() -> None:
    stairs.heard = []


# --- retirement -----------------------------------------------------------------------------------


def test_a_row_that_has_reached_its_goal_is_not_shown_again() -> None:
    model = Slope()
    images, goal = low(0.25, 0.45, 0.75)
    result = attack(model, images, goal, BALL, stairs)
    looks = model.shown[2:]  # after the two passes that look for company
    assert looks == [[0.25, 0.45, 0.75], [0.35, 0.55], [0.45], [0.55]]
    assert result.queries.tolist() == [4, 2, 1]
    assert result.stopped == "reached"
    assert result.adversarial[:, 0].tolist() == pytest.approx([0.55, 0.55, 0.75])


def test_a_retired_row_hears_its_last_answer_again() -> None:
    images, goal = low(0.15, 0.45)
    attack(Slope(), images, goal, BALL, stairs)
    first, *rest = (answer.outputs[1] for answer in stairs.heard)
    assert len(rest) == 2
    assert first[1] == pytest.approx(0.05)
    assert all(torch.equal(first, later) for later in rest)
    assert all(answer.reached[1] for answer in stairs.heard)


def test_never_shows_every_row_to_the_end() -> None:
    images, goal = low(0.25, 0.45, 0.55)
    result = attack(Slope(), images, goal, BALL, stairs, retire="never")
    assert result.queries.tolist() == [5, 5, 5]
    assert result.stopped == "done"
    assert result.adversarial[0, 0].item() == pytest.approx(0.65)  # not the first success: the best


def gradient_late(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
    """Retires the second row by its scores, then asks for gradients it has never heard."""
    points = images + torch.tensor([[0.0], [0.2]], dtype=images.dtype)
    yield from Scores(points)
    for _ in range(3):
        gradient_late.heard.append((yield from Gradient(points)))
    return points


def test_a_retired_row_without_an_answer_of_the_kind_is_shown_once() -> None:
    gradient_late.heard, model = [], Slope()
    images, goal = low(0.1, 0.4)
    result = attack(model, images, goal, BALL, gradient_late)
    assert result.queries.tolist() == [5, 3]
    assert result.backwards.tolist() == [3, 1]
    answers = [answer.gradient[1].item() for answer in gradient_late.heard]
    assert answers[0] != 0
    assert answers == [answers[0]] * 3


def probing(images: Any, goal: Any, threat: Any, *, draws: Any) -> ScoreBased:
    """Three probes of each row, then one candidate."""
    rows = torch.arange(len(images)).repeat_interleave(3)
    yield from Scores(images + 0.1)
    for far in (0.9, 0.8):
        probes = images[rows] * 0 + far
        probing.heard.append((yield from Scores(probes, rows, candidate=False)))
    return images


def test_probes_never_count_as_a_success_and_repeat_for_retired_rows() -> None:
    probing.heard = []
    images, goal = low(0.2, 0.45)
    result = attack(Slope(), images, goal, BALL, probing)
    assert result.success.tolist() == [False, True]
    assert result.queries.tolist() == [1 + 1 + 6 + 1, 2]
    for answer in probing.heard:
        assert answer.outputs.shape == (6, 2)
        assert answer.reached.tolist() == [True] * 6  # the first row's probes are beyond 0.5
        assert torch.equal(answer.outputs[3:], answer.outputs[3:4].expand(3, 2))
    assert result.distance[0] == pytest.approx(0.1)


def test_the_nearest_of_several_candidates_of_a_row_is_kept_where_eps_is_endless() -> None:
    def several(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        far = torch.tensor([[0.9], [0.6], [0.7], [0.3]], dtype=images.dtype)
        yield from Decision(far, torch.zeros(4, dtype=torch.int64))
        yield from Decision(images + 0.5)
        return images + 0.45

    images, goal = low(0.1)
    result = attack(Slope(), images, goal, Linf(torch.inf), several)
    assert result.adversarial.item() == pytest.approx(0.55)
    assert result.queries.item() == 7


# --- questions ------------------------------------------------------------------------------------


def test_a_tuple_is_answered_in_one_pass_each_with_its_own_objective() -> None:
    def both(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        up = Gradient(images, of=lambda outputs, rows: 3 * outputs[:, 1])
        two = Gradient(images[:1], torch.tensor([1]), of=lambda outputs, rows: outputs * 5)
        both.heard = yield up, two
        return images

    model = Slope()
    images, goal = low(0.1, 0.2)
    result = attack(model, images, goal, BALL, both, retire="never")
    first, second = both.heard
    assert first.gradient.tolist() == [[3.0], [3.0]]
    assert second.gradient.tolist() == [[[-5.0], [5.0]]]
    assert second.loss.shape == (1, 2)
    assert model.shown[3] == [0.1, 0.2, 0.1]
    assert result.backwards.tolist() == [1, 3]


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


@pytest.mark.parametrize("question", [Gradient, Scores])
def test_a_decision_based_attack_may_not_ask_for_more(question) -> None:
    def cheat(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        yield from question(images)
        return images

    with pytest.raises(AccessError, match=f"{question.__name__}.*needs .* access"):
        attack(Slope(), *low(0.1), BALL, cheat)


def test_a_decision_based_attack_needs_only_labels() -> None:
    def blind(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        for _ in range(6):
            images = images + 0.1
            answer = yield from Decision(images)
            blind.labels = answer.labels
        return images

    images, goal = low(0.1, 0.45)
    result = attack(lambda shown: Slope()(shown).argmax(1), images, goal, Linf(0.9), blind)
    assert result.success.all()
    assert result.queries.tolist() == [6, 2]
    assert blind.labels.tolist() == [0, 1]  # of the last answer that it heard
    with pytest.raises(ModelError, match="no gradient"):
        attack(lambda shown: Slope()(shown).argmax(1), images, goal, BALL, pgd)


def transfer(images: Any, goal: Any, threat: Any, *, whom: str = "own", draws: Any) -> Transfer:
    answer = yield from Gradient(images, model=whom)
    return threat.project(images + threat.eps * answer.gradient.sign(), images)


def test_surrogates_have_their_own_access_and_cost_the_victim_nothing() -> None:
    images, goal = low(0.2, 0.3)
    result = attack(Slope(), images, goal, BALL, transfer, surrogates={"own": Slope()})
    assert result.success.all()
    assert result.queries.tolist() == [2, 2]
    assert result.forwards.tolist() == [3, 3]
    assert result.backwards.tolist() == [1, 1]
    with pytest.raises(AccessError, match="victim needs white-box access"):
        attack(Slope(), images, goal, BALL, transfer, whom="victim")
    closed = {"own": Surrogate(Slope(), Access.SCORE)}
    with pytest.raises(AccessError, match="own needs white-box access; this attack has score"):
        attack(Slope(), images, goal, BALL, transfer, surrogates=closed)
    with pytest.raises(InputError, match="no model 'stranger'"):
        attack(Slope(), images, goal, BALL, transfer, whom="stranger")


def test_an_option_that_the_attack_lacks_is_told_with_those_it_has() -> None:
    with pytest.raises(InputError, match="pgd has no option step; it has: steps, step_size"):
        attack(Slope(), *low(0.1, 0.2), BALL, pgd, step=3)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (lambda images: "a string", "yields questions"),
        (lambda images: Scores(images[:1]), "say with `rows`"),
        (lambda images: Scores(images, torch.tensor([0])), "say with `rows`"),
    ],
)
def test_what_is_no_question_is_refused(asked, message) -> None:
    def odd(images: Any, goal: Any, threat: Any, *, draws: Any) -> ScoreBased:
        yield asked(images)
        return images

    with pytest.raises(InputError, match=message):
        attack(Slope(), *low(0.1, 0.2), BALL, odd)


# --- budgets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("budget", range(1, 10))
def test_probes_are_cut_at_the_budget(budget) -> None:
    probing.heard, model = [], Slope()
    images, goal = low(0.2, 0.3)
    result = attack(model, images, goal, BALL, probing, budget=budget)
    assert result.queries.tolist() == [budget, budget]
    assert sum(map(len, model.shown)) == 2 * budget + result.probes
    assert result.stopped == ("budget" if budget < 9 else "done")


def test_a_success_on_the_last_query_counts() -> None:
    images, goal = low(0.25)
    assert not attack(Slope(), images, goal, BALL, stairs, budget=3).success.item()
    assert attack(Slope(), images, goal, BALL, stairs, budget=4).success.item()


# --- passes ---------------------------------------------------------------------------------------


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
    assert model.sizes[2:6] == [13, 6, 3, 3]
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


def test_verdicts_in_single_precision_hardly_depend_on_the_batch(pictures) -> None:
    """The promise *verdicts*: ≤ 0.2 % of rows differ."""
    numbers = torch.Generator().manual_seed(0)
    first, second = (torch.randn(size, generator=numbers) for size in ((32, 12), (5, 32)))
    model = lambda images: ((images - 0.5) @ first.T).relu() @ second.T  # noqa: E731
    images = pictures(3000, (12,), torch.float32)
    goal = Misclassify(model(images).argmax(1))
    verdicts = [
        attack(model, images, goal, Linf(0.06), pgd, steps=20, batch_size=size).success
        for size in (3000, 37)
    ]
    assert 0.3 < verdicts[0].float().mean() < 0.7
    assert (verdicts[0] != verdicts[1]).float().mean() <= 0.002


class Coupled(nn.Module):
    """Normalises by the batch's own statistics, even in eval mode."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model, self.norm, self.sizes = model, nn.BatchNorm2d(2, track_running_stats=False), []
        self.double().eval()

    def forward(self, images: Tensor) -> Tensor:
        self.sizes.append(len(images))
        return self.model(self.norm(images))


def test_a_model_whose_rows_are_coupled_loses_company_and_retirement(net, pictures) -> None:
    model, images = Coupled(net()), pictures(3)
    labels = torch.cat([model(image[None]) for image in images]).argmax(1)
    with pytest.warns(UserWarning, match="depends on what else is in the batch"):
        result = attack(model, images, Misclassify(labels), Linf(0.3), pgd, steps=4)
    assert set(model.sizes[6:]) == {1}
    assert result.queries.tolist() == [6, 6, 6]
    alone = attack(
        model,
        images[1:2],
        Misclassify(labels[1:2]),
        Linf(0.3),
        pgd,
        steps=4,
        keys=[1],
        retire="never",
    )
    assert torch.allclose(result.adversarial[1], alone.adversarial[0], rtol=0, atol=1e-9)


def test_a_random_model_loses_retirement_and_keeps_its_numbers(net, pictures) -> None:
    class Noisy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = net()
            self.eval()

        def forward(self, images: Tensor) -> Tensor:
            return self.model(images + torch.rand_like(images))

    images, model = pictures(3), Noisy()
    goal = Misclassify(torch.zeros(3, dtype=torch.int64))
    results = []
    for _ in range(2):
        torch.rand(5)  # the caller's numbers do not matter
        with pytest.warns(UserWarning, match="differently each time"):
            results.append(attack(model, images, goal, Linf(0.1), pgd, steps=3, seed=4))
    assert torch.equal(results[0].adversarial, results[1].adversarial)
    assert results[0].queries.tolist() == [5, 5, 5]
    answers = [progress.outputs for progress in _quiet(model, images, goal)]
    assert not torch.equal(answers[1], answers[2])


def _quiet(model: nn.Module, images: Tensor, goal: Misclassify) -> list[Any]:
    with pytest.warns(UserWarning, match="differently"):
        return list(stream(model, images, goal, Linf(1e-9), pgd, steps=3, step_size=0.0))


# --- the border -----------------------------------------------------------------------------------


def test_a_model_in_train_mode_is_refused(net, pictures) -> None:
    model = net()
    model[1].train()
    with pytest.raises(InputError, match="its module '1' is in train mode"):
        attack(model, pictures(1), Misclassify(torch.tensor([0])), BALL, pgd)
    with pytest.raises(InputError, match="eval"):
        craft(model.train(), pictures(1), Misclassify(torch.tensor([0])), BALL, pgd)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.full((1, 3), 1.5), r"lie in \[0, 1\]"),
        (torch.full((1, 3), -0.1), "Normalisation belongs inside"),
        (torch.tensor([[0.1, torch.nan]]), r"lie in \[0, 1\]"),
        (torch.zeros(1, 3, dtype=torch.uint8), "floating-point"),
        (torch.zeros(3), "floating-point"),
        ([[0.1]], "floating-point"),
    ],
)
def test_images_are_checked_once(images, message) -> None:
    with pytest.raises(InputError, match=message):
        attack(Slope(), images, Misclassify(torch.tensor([0])), BALL, pgd)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"retire": "sometimes"}, "retire is"),
        ({"budget": 0}, "budget is a count"),
        ({"batch_size": 0}, "batch_size is a count"),
        ({"keys": [1, 2, 3]}, "1 images came with 3 keys"),
        ({"surrogates": {"own": "resnet"}}, "must be callable"),
    ],
)
def test_terms_are_checked(terms, message) -> None:
    with pytest.raises(InputError, match=message):
        attack(Slope(), *low(0.1), BALL, pgd, **terms)


def test_labels_are_checked_against_the_model() -> None:
    images, _ = low(0.1)
    with pytest.raises(InputError, match="0 … 1 for this model"):
        attack(Slope(), images, Misclassify(torch.tensor([2])), BALL, pgd)
    with pytest.raises(InputError, match="each of the 1 images"):
        attack(Slope(), images, Misclassify(torch.tensor([0, 0])), BALL, pgd)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda images: images.expand(-1, 2) * torch.nan, "answered NaN"),
        (lambda images: images[:1].expand(1, 2).repeat(len(images) + 1, 1), "as many rows"),
        (lambda images: {"logits": images}, "as many rows"),
        (lambda images: torch.cat([1 - images, images], 1).detach(), "no gradient"),
        (lambda images: torch.ones(len(images), 2, requires_grad=True), "no|slope|NaN|depend"),
        (lambda images: torch.cat([(0 * images).sqrt(), images], 1), "gradient is NaN"),
    ],
)
def test_what_no_attack_can_use_is_named(answer, message) -> None:
    with pytest.raises(ModelError, match=message):
        attack(answer, *low(0.25), BALL, pgd, retire="never")


@pytest.mark.parametrize("threat", [Linf(0.05), L2(0.05)])
@pytest.mark.parametrize("cheat", [lambda images: images + 0.3, lambda images: images * 0 - 0.01])
def test_a_candidate_outside_is_a_bug_of_the_attack_and_is_said_to_be(threat, cheat) -> None:
    def outside(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        yield from Decision(cheat(images))
        return images

    images, _ = low(0.3)
    wish = Misclassify(torch.tensor([0]))
    goal = wish if float(cheat(images)) > 0 else Misclassify(torch.tensor([0]), measure=_downwards)
    with pytest.raises(ThreatError, match="outside offered a candidate for row 0"):
        attack(Slope(), images, goal, threat, outside)


def _downwards(logits: Tensor, labels: Tensor) -> Tensor:
    return logits[:, 0]


def test_a_projection_that_does_not_project_is_caught(monkeypatch, net, pictures) -> None:
    """A peer shipped an L2 projection that divided a norm by itself."""
    monkeypatch.setattr(L2, "project", lambda self, points, images: points.clamp(0, 1))
    model, images = net(), pictures(3)
    with pytest.raises(ThreatError, match="is allowed"):
        attack(model, images, Misclassify(model(images).argmax(1)), L2(0.1), pgd, step_size=1.0)


def test_an_attack_returns_its_candidates() -> None:
    def forgetful(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        yield from Decision(images)

    def plain(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        return images

    with pytest.raises(InputError, match="forgetful returned None"):
        attack(Slope(), *low(0.1), BALL, forgetful)
    with pytest.raises(InputError, match="generator function"):
        attack(Slope(), *low(0.1), BALL, plain)


def test_a_returned_tensor_is_looked_at_again_if_it_was_written_to() -> None:
    def in_place(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        points = images.clone()
        yield from Decision(points)
        return points.add_(0.3)

    result = attack(Slope(), *low(0.4), BALL, in_place)
    assert result.success.item()
    assert result.queries.item() == 3


def test_a_failure_returns_the_best_point_and_no_placeholder() -> None:
    images, goal = low(0.1, 0.3)

    def there_and_back(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        for far in (0.05, 0.15, 0.0):
            yield from Decision(images + far)
        return images

    result = attack(Slope(), images, goal, BALL, there_and_back)
    assert not result.success.any()
    assert result.adversarial[:, 0].tolist() == pytest.approx([0.25, 0.45])
    assert result.distance.tolist() == pytest.approx([0.15, 0.15])


def test_it_works_inside_inference_mode(net, pictures) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(model(images).argmax(1))
    plain = attack(model, images, goal, Linf(0.05), pgd)
    with torch.inference_mode():
        inside = attack(model, images.clone(), goal, Linf(0.05), pgd)
    assert torch.equal(plain.adversarial, inside.adversarial)


# --- streaming ------------------------------------------------------------------------------------


def test_closing_the_stream_cancels_the_attack() -> None:
    ended: list[str] = []

    def endless(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        try:
            for number in itertools.count():
                yield Decision(images + 1e-3 * number)
        finally:
            ended.append("closed")
        return images

    model = Slope()
    progress = stream(model, *low(0.1), BALL, endless)
    steps = [next(progress).step for _ in range(3)]
    progress.close()
    assert steps == [0, 1, 2]
    assert ended == ["closed"]
    assert len(model.shown) == 3


def test_a_stream_leaves_the_caller_its_random_numbers() -> None:
    torch.rand(1)
    start = torch.get_rng_state()
    undisturbed = [torch.rand(1).item() for _ in range(9)]
    torch.set_rng_state(start)
    progress = stream(Slope(), *low(0.1), Linf(0.05), stairs_within, steps=3)
    drawn = [torch.rand(1).item() for _ in progress]
    assert drawn == undisturbed[: len(drawn)]


def stairs_within(images: Any, goal: Any, threat: Any, *, steps: int, draws: Any) -> DecisionBased:
    for number in range(steps):
        torch.rand(9)
        yield from Decision(images + 0.01 * number)
    return images


def test_wrong_arguments_fail_at_the_call() -> None:
    with pytest.raises(InputError):
        stream(Slope().train(), *low(0.1), BALL, pgd)


def test_progress_tells_the_latest_and_the_best() -> None:
    images, goal = low(0.25, 0.45)
    seen = list(stream(Slope(), images, goal, BALL, stairs))
    assert [progress.images[0, 0].item() for progress in seen] == pytest.approx(
        [0.25, 0.35, 0.45, 0.55, 0.55]
    )
    assert [progress.queries.tolist() for progress in seen] == [
        [1, 1], [2, 2], [3, 2], [4, 2], [4, 2],
    ]  # fmt: skip
    assert [progress.success.tolist() for progress in seen][:3] == [
        [False, False], [False, True], [False, True],
    ]  # fmt: skip
    assert seen[-1].result is not None
    assert torch.equal(seen[-1].best, seen[-1].result.adversarial)


# --- results and training -------------------------------------------------------------------------


def test_a_record_is_flat_and_plain() -> None:
    record = attack(Slope(), *low(0.25, 0.45), BALL, stairs, seed=9, steps=1).record()
    assert record["attack"] == "stairs"
    assert record["option_steps"] == "1"
    assert (record["images"], record["successes"], record["robust_accuracy"]) == (2, 1, 0.5)
    assert record["seed"] == 9
    assert all(isinstance(value, str | int | float) for value in record.values())


def test_a_bound_attack_keeps_its_name() -> None:
    result = attack(Slope(), *low(0.25), BALL, functools.partial(stairs, steps=1))
    assert result.attack == "stairs"


def test_craft_costs_k_passes_and_returns_the_last_point() -> None:
    model = Slope()
    images, goal = low(0.45, 0.75)
    last = craft(model, images, goal, Linf(0.2), pgd, steps=3)
    assert len(model.shown) == 3
    assert all(len(shown) == 2 for shown in model.shown)
    assert last[:, 0].tolist() == pytest.approx([0.65, 0.95])
    assert craft(model, images[:0], Misclassify(goal.labels[:0]), BALL, pgd).shape == (0, 1)


def test_craft_is_the_textbook_loop(net, pictures) -> None:
    """Against a slow, obvious second implementation, from the same random start."""
    model, images = net(), pictures(5)
    labels = model(images).argmax(1)
    ours = craft(model, images, Misclassify(labels), Linf(0.03), pgd, steps=7, step_size=0.01)
    theirs = craft(model, images, Misclassify(labels), Linf(0.03), pgd, steps=1, step_size=0.0)
    for _ in range(7):
        theirs.requires_grad_()
        loss = nn.functional.cross_entropy(model(theirs), labels, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, theirs)
        stepped = theirs.detach() + 0.01 * gradient.sign()
        theirs = (images + (stepped - images).clamp(-0.03, 0.03)).clamp(0, 1)
    assert torch.allclose(ours, theirs, rtol=0, atol=1e-12)


def test_craft_gives_a_training_model_no_gradients(net, pictures) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(model(images).argmax(1))
    last = craft(model, images, goal, Linf(0.03), pgd)
    assert not last.requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_the_whole_attack_and_its_pieces_agree(net, pictures) -> None:
    """Square in one go, and by hand in two halves with their keys passed along."""
    model, images = net(), pictures(10)
    labels: Callable[[slice], Misclassify] = lambda part: Misclassify(  # noqa: E731
        model(images[part]).argmax(1)
    )
    whole = attack(model, images, labels(slice(None)), Linf(0.05), square, steps=20)
    go = functools.partial(attack, model, threat=Linf(0.05), attack=square, steps=20)
    parts = [
        go(images[part], labels(part), keys=range(10)[part]) for part in (slice(0, 4), slice(4, 10))
    ]
    joined = torch.cat([part.adversarial for part in parts])
    assert torch.allclose(whole.adversarial, joined, rtol=0, atol=1e-9)
