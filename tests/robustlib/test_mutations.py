"""Bugs of peers planted in threats, losses and engine: the suite must catch each of them."""

from typing import Any

import pytest
import torch

from robustlib import _border, _conversation, _desk, _ledger, _memory, _passes, engine, losses
from robustlib.draws import Draws
from robustlib.threats import L0, L1, L2, Linf
from robustlib.training import _base as training
from tests.robustlib import test__border as border
from tests.robustlib import test__desk as desk
from tests.robustlib import test__ledger as ledger
from tests.robustlib import test__memory as memory
from tests.robustlib import test__passes as passes
from tests.robustlib import test_losses
from tests.robustlib import test_threats as threats
from tests.robustlib._mutations import KNOWN, Fault, assert_caught, of
from tests.robustlib.attacks import test_contract as contract
from tests.robustlib.attacks import test_mutations as attacks
from tests.robustlib.attacks import test_pgd
from tests.robustlib.training import test__base as modes

run = contract.run  # the fixture

ORACLE: dict[str, Any] = {
    "pictures": threats.beside(size=6, reach=2.0, walls=True, seed=1),
    "eps": 0.5,
}

FAULTS = {
    # adversarial-library's and SecML's PGD
    "the last iterate is not looked at": Fault(
        _conversation.Run.judged,
        "if self.last is not None and",
        "if False and",
        test_pgd.test_the_last_iterate_counts,
    ),
    # foolbox, torchattacks, ART, cleverhans, advertorch
    "the last iterate is returned, not the best": Fault(
        _ledger.Ledger._improve,
        "chosen = (better & ~retired)",
        "chosen = (~retired)",
        ledger.test_a_failure_returns_the_best_point_and_no_placeholder,
    ),
    # foolbox's C&W
    "a row that fails comes back black": Fault(
        engine._result,
        '"adversarial": best.points,',
        '"adversarial": best.points * best.reached[:, None],',
        ledger.test_a_failure_returns_the_best_point_and_no_placeholder,
    ),
    # foolbox's FMN: it divides a norm by itself
    "the L2 projection does not project": Fault(
        L2.project,
        "kept = share(",
        "kept = torch.ones_like(radius[:, None]) + 0 * share(",
        threats.test_projections_are_feasible_to_one_rounding,
        {"threat": L2, "dtype": torch.float64, "eps": 0.5},
    ),
    "the L2 projection passes its radius by a rounding": Fault(
        L2.project,
        "shift[:1].numel() * eps",
        "0",
        threats.test_projections_are_feasible_to_one_rounding,
        {"threat": L2, "dtype": torch.float64, "eps": 3.0},
    ),
    "the L2 projection cuts to the box before the ball": Fault(
        L2.project,
        "shift = points - images",
        "shift = points.clamp(0, 1) - images",
        threats.test_l2_projection_equals_a_slow_oracle.hypothesis.inner_test,
        ORACLE,
    ),
    # ART's, SecML's and advertorch's L1 attacks
    "a step in L1 pushes the one steepest pixel, however little room it has": Fault(
        L1.ascend,
        "return point + way.view_as(point) * gradient.sign()",
        "return point + length * self.steepest(gradient, point)",
        threats.test_a_step_in_l1_is_the_best_of_its_length.hypothesis.inner_test,
        {"pictures": ORACLE["pictures"], "length": 1.0},
    ),
    # foolbox's
    "the L1 projection rescales instead of projecting": Fault(
        L1.project,
        "way = shrunk(shift.flatten(1).abs(), room.flatten(1), radius).view_as(shift)",
        "way = shift.abs() * (radius / shift.abs().flatten(1).sum(1, True)).clamp(max=1)",
        threats.test_l1_projection_equals_a_slow_oracle.hypothesis.inner_test,
        ORACLE,
    ),
    "the L0 projection keeps what changed most before the box was looked at": Fault(
        L0.project,
        "(points - images) ** 2 - (points - inside) ** 2",
        "(points - images) ** 2",
        threats.test_l0_projection_equals_the_best_of_all_choices.hypothesis.inner_test,
        ORACLE | {"eps": 3.0},
    ),
    "a random start leaves the box": Fault(
        Linf.random_start,
        "return self.project(images + _finite(self.eps) * noise, images)",
        "return images + _finite(self.eps) * noise",
        contract.test_the_result_stays_in_ball_and_box,
        {**of("noise"), "count": 7, "shape": (2, 6, 6)},
    ),
    "the step in L2 is as long as the gradient": Fault(
        L2.steepest,
        "unit(_with_room(gradient, point))",
        "_with_room(gradient, point)",
        threats.test_the_steepest_direction_leaves_out_what_stands_at_a_wall,
        {"threat": L2},
    ),
    # the L1-PGD of ART, SecML and advertorch
    "the step pushes pixels that stand at their wall": Fault(
        L2.steepest,
        "unit(_with_room(gradient, point))",
        "unit(gradient)",
        threats.test_the_steepest_direction_leaves_out_what_stands_at_a_wall,
        {"threat": L2},
    ),
    # AutoAttack's Square: one square for the whole batch
    "a row's random numbers depend on its company": Fault(
        Draws._draw,
        "zip(drawn, self._streams(), strict=True)",
        "zip(drawn, [self._streams()[0]] * len(self), strict=True)",
        contract.test_company_order_and_batch_change_nothing,
        of("noise"),
    ),
    # AutoAttack, torchattacks, SecML and ART reseed or use the global generators
    "the caller's random numbers are disturbed": Fault(
        _border.Border.__exit__,
        "_set_random_states(self._device, self._theirs)",
        "pass",
        contract.test_the_model_and_all_random_states_are_left_as_found,
        of("pgd"),
    ),
    # foolbox, ART, SecML, cleverhans, advertorch
    "the gradients of parameters are written over": Fault(
        _passes._gradient,
        "(gradient,) = torch.autograd.grad(total, point, retain_graph=keep, allow_unused=True)",
        "total.backward(retain_graph=keep); gradient = point.grad",
        contract.test_the_model_and_all_random_states_are_left_as_found,
        of("pgd"),
    ),
    "gradients of parameters are computed for nothing": Fault(
        _passes._gradient,
        "(gradient,) = torch.autograd.grad(total, point, retain_graph=keep, allow_unused=True)",
        "total.backward(retain_graph=keep); gradient = point.grad",
        passes.test_gradients_of_parameters_are_never_computed,
    ),
    # all but torchattacks and ART attack a model in train mode, and change its statistics
    "a model in train mode is attacked": Fault(
        _border.check_model,
        "if training is not None:",
        "if False:",
        border.test_a_model_in_train_mode_is_refused,
    ),
    # ART leaves models in eval mode
    "a model is left in another mode": Fault(
        training.evaluating,
        "layer.training = mode",
        "pass",
        modes.test_every_layer_is_in_eval_mode_inside_and_as_it_was_outside,
    ),
    # black-box benchmarks that go on asking about finished rows
    "finished rows are shown again": Fault(
        _desk.Desk._plan,
        "closed = self.ledger.closed()[plan.rows]",
        "closed = self.ledger.closed()[plan.rows] & False",
        desk.test_a_row_that_has_reached_its_goal_is_not_shown_again,
    ),
    "a finished row hears a later answer": Fault(
        _memory.Memory.keep,
        "write = ~(retired & self._scores.known[rows])",
        "write = retired | ~retired",
        memory.test_outputs_of_a_retired_row_go_on_saying_that_it_has_reached_its_goal,
    ),
    "an open row hears an old answer": Fault(
        _desk.Desk._completed,
        "whole.outputs[plan.shown] = seen.outputs",
        "pass",
        desk.test_probes_never_count_as_a_success_and_repeat_for_retired_rows,
    ),
    "a probe counts as a success": Fault(
        _desk.Desk._book,
        "if question.candidate and question.model == VICTIM",
        "if question.model == VICTIM",
        desk.test_probes_never_count_as_a_success_and_repeat_for_retired_rows,
    ),
    # torchattacks' C&W compares with a masked zero
    "negative logits break the margin": Fault(
        losses.margin,
        "others.amax(dim=1) - own",
        "others.amax(dim=1).clamp(min=0) - own",
        test_losses.test_a_constant_added_to_the_logits_changes_nothing,
        {"loss": losses.margin},
    ),
    # ART's, cleverhans' and advertorch's
    "models of double precision fail": Fault(
        _passes.Passes._pass,
        "self._padded(array[where].detach(), count)",
        "self._padded(array[where].detach().float(), count)",
        contract.test_no_radius_no_change,
        of("pgd"),
    ),
    # ART's DeepFool, which ignores the labels that it is given
    "a row that is wrong already is moved": Fault(
        _conversation.Run.judged,
        "Decision(self.images, by=CLEAN)",
        "Decision(self.images, by=CLEAN, candidate=False)",
        contract.test_a_row_that_is_wrong_already_costs_one_look,
        of("deepfool"),
    ),
    # adversarial-library's and ART's DLR
    "with two classes the ratio of three logits is taken": Fault(
        losses._spread,
        "if classes < 3:",
        "if False:",
        test_losses.test_two_classes_have_no_ratio,
        {"loss": losses.dlr},
    ),
}


@pytest.mark.parametrize("found", KNOWN)
def test_what_was_found_in_peers_is_planted_here(found) -> None:
    """Each of these faults is caught, by the test below or its like in the room of attacks."""
    assert KNOWN[found]
    assert set(KNOWN[found]) <= FAULTS.keys() | attacks.FAULTS.keys()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_suite_catches_it(fault, request, monkeypatch) -> None:
    assert_caught(fault, request, monkeypatch)
