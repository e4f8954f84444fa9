"""Bugs of peers planted in our attacks: the suite must catch each of them."""

import pytest
import torch

from robustlib import _passes
from robustlib.attacks import (
    _antithetic,
    _base,
    _border_search,
    _codes,
    _momentum,
    _nearest,
    _planes,
    _zeroth,
    apgd,
    auto_attack,
    bandits,
    brendel_bethge,
    cw,
    cw_linf,
    fmn,
    hop_skip_jump,
    pgd,
    rays,
    simba,
    square,
    super_deepfool,
)
from robustlib.conformance._planes import linear
from robustlib.threats import L1, L2, Linf
from tests.robustlib._mutations import Fault, assert_caught, of
from tests.robustlib.attacks import (
    test__antithetic,
    test__base,
    test__border_search,
    test__codes,
    test__nearest,
    test__zeroth,
    test_apgd,
    test_auto_attack,
    test_bandits,
    test_brendel_bethge,
    test_cw,
    test_cw_linf,
    test_deepfool,
    test_fab,
    test_fmn,
    test_hop_skip_jump,
    test_pgd,
    test_rays,
    test_simba,
    test_square,
    test_super_deepfool,
)
from tests.robustlib.attacks import test_contract as contract

run, case = contract.run, test__base.case  # fixtures

L1_AT_WALLS = {"plane": linear(walls=True), "threat": L1, "factor": 1.02, "share": 1.0, "seed": 0}

FAULTS = {
    # adversarial-library's PGD stops its schedule one step early
    "one step fewer than asked for": Fault(
        pgd._climb,
        "for length in lengths:",
        "for length in lengths[:-1]:",
        test_pgd.test_the_last_iterate_counts,
    ),
    # adversarial-library's PGD and DDN, where autograd hands out one number seen many times
    "the gradient is written to": Fault(
        _passes._gradient,
        "gradient.contiguous()",
        "gradient",
        test_pgd.test_a_gradient_that_autograd_hands_out_once_for_many_may_be_written_to,
    ),
    # torchattacks' AutoAttack
    "ten steps are run for a hundred": Fault(
        auto_attack._towards,
        "partial(apgd, steps=steps)",
        "partial(apgd, steps=max(1, steps // 10))",
        test_auto_attack.test_a_row_that_holds_meets_every_part_and_costs_what_they_cost,
    ),
    # ART's AutoAttack
    "AutoAttack is another ensemble": Fault(
        auto_attack._towards,
        'yield from (Stage(walk, Target(wanted), "FAB-T") for wanted in others)',
        "return",
        test_auto_attack.test_a_row_that_holds_meets_every_part_and_costs_what_they_cost,
    ),
    # PGD, MI-FGSM and APGD of eight libraries, at the corners of a linear model
    "no class is gone towards": Fault(
        auto_attack.auto_attack,
        "others = yield from ranked(images, goal, targets)",
        "yield from ranked(images, goal, targets)",
        test_auto_attack.test_its_verdicts_are_exact_on_a_linear_model_at_walls,
        {"threat": L2, "version": "standard"},
    ),
    # torchattacks' and cleverhans' C&W
    "it stops for the whole batch": Fault(
        cw.cw,
        "wanted = column(prices",
        "if bool(answer.reached.any()):\n                break\n            wanted = column(prices",
        contract.test_company_order_and_batch_change_nothing,
        {"name": "cw", "threat": L2(0.4)},
    ),
    # torchattacks' MI-FGSM and APGD
    "pictures have three axes": Fault(
        _momentum.even,
        "column(size.masked_fill(size == 0, 1), gradient)",
        "size.masked_fill(size == 0, 1)[:, None, None, None]",
        contract.test_the_result_stays_in_ball_and_box,
        {**of("mi_fgsm"), "count": 7, "shape": (3, 5)},
    ),
    "Square goes on from the worse point": Fault(
        square.square,
        "better.nonzero()",
        "(better | True).nonzero()",
        test_square.test_random_search_finds_the_plane,
        {"plane": linear(walls=True)},
    ),
    # torchattacks' AutoAttack, whose Square keeps another schedule than the original's
    "the squares shrink at another pace": Fault(
        square.square,
        "step / steps",
        "step / 10_000",
        test_square.test_they_shrink_over_the_steps_that_are_asked_for,
        {"steps": 40},
    ),
    # all single attacks on the tiny exact net: a nearer region is never entered from one start
    "restarts begin where the first run began": Fault(
        _base.restarts,
        "draws=draws.child(number)",
        "draws=draws.child(0)",
        test__base.test_restarts_are_runs_of_their_own,
    ),
    "of several finds the last is kept, not the nearest": Fault(
        _nearest.Nearest._note,
        "reached & (distance < self.distance[rows])",
        "reached",
        test__nearest.test_of_several_finds_the_nearest_is_the_result,
    ),
    # ART's Square
    "Square asks twice": Fault(
        square.square,
        "        answer = yield from Scores(candidate.view_as(images))\n",
        "        yield from Scores(candidate.view_as(images))\n"
        "        answer = yield from Scores(candidate.view_as(images))\n",
        test_square.test_queries_are_the_steps_and_the_two_looks,
        {"threat": Linf(1e-6)},
    ),
    # AutoZOOM's official code
    "what the decoder makes of zero shifts the image": Fault(
        _codes.decoded,
        "lambda codes: decoder(codes) - nothing",
        "decoder",
        test__codes.test_what_a_decoder_makes_of_zero_is_taken_off,
    ),
    "coordinates that are met at other times share one count of steps": Fault(
        _zeroth.Adam.step,
        "count = self._count.gather(1, places) + 1",
        "count = self._count.amax() + torch.ones_like(mean)",
        test__zeroth.test_each_coordinate_of_each_row_counts_its_own_steps,
    ),
    "Adam goes on at the first success as if nothing were": Fault(
        _zeroth.Search.note,
        "self.adam.forget(reached & ~self.met)",
        "pass",
        test__zeroth.test_random_directions_are_followed_as_in_the_paper,
    ),
    # the official codes of NES and of the bandits
    "probes leave the box": Fault(
        _antithetic.slope,
        ".clamp_(0, 1)",
        "",
        test__antithetic.test_a_wall_takes_half_of_the_way_and_nothing_of_the_slope,
    ),
    "a prior that is sure has no odds any more": Fault(
        bandits.bandits,
        "prior = prior +",
        "prior = torch.atanh(torch.tanh(prior)) +",
        test_bandits.test_a_prior_that_is_sure_comes_back,
    ),
    # BlackboxBench
    "rows that have succeeded are asked about on and on": Fault(
        simba.simba,
        "(~walk.reached).nonzero().squeeze(1)",
        "torch.arange(len(images))",
        test_simba.test_a_row_ends_at_its_success,
        {"threat": L2(torch.inf)},
    ),
    # adversarial-library's FMN
    "the radius follows the cut change, and stalls at corners": Fault(
        fmn._radius,
        "torch.maximum(grown, ahead)",
        "nearest.threat.distance(points, nearest.images)"
        " - answer.loss / answer.gradient.flatten(1).norm(dim=1)",
        test_fmn.test_it_finds_the_nearest_point_of_a_plane_also_at_walls,
        {"plane": linear(walls=True), "threat": L2},
    ),
    "the way onto a plane goes through the walls": Fault(
        _planes.onto,
        "torch.where(upwards > 0, 1 - flat, flat)",
        "torch.ones_like(flat)",
        test_fab.test_it_finds_the_nearest_point_of_a_plane_also_at_walls,
        {"plane": linear(walls=True), "threat": L2},
    ),
    # torchattacks' C&W, and by their short steps those of most others
    "pixels of exactly 0 or 1 never move": Fault(
        cw.cw,
        "(bent * bent).neg_().add_(1)",
        "points * (1 - points)",
        test_cw.test_it_finds_the_nearest_point_of_a_plane_also_at_walls,
        {"plane": linear(walls=True)},
    ),
    "pixels of exactly 0 or 1 never move, in the maximum norm": Fault(
        cw_linf.cw_linf,
        "beyond - wanted * answer.gradient",
        "(beyond - wanted * answer.gradient) * points * (1 - points)",
        test_cw_linf.test_it_finds_the_nearest_point_of_a_plane_also_at_walls,
        {"plane": linear(walls=True)},
    ),
    "few classes end in an index error": Fault(
        _nearest.leads,
        "others.topk(min(classes - 1, others.shape[1]), dim=1)",
        "others.topk(classes - 1, dim=1)",
        contract.test_any_number_of_classes,
        {**of("deepfool"), "classes": 3},
    ),
    # official APGD in L1
    "two pixels are never left for one": Fault(
        apgd._climb_few,
        "(now / 1.5).floor()",
        "(now / 1.5).ceil()",
        test_apgd.test_it_finds_what_is_there_and_nothing_else,
        L1_AT_WALLS,
    ),
    # torchattacks' DeepFool divides by a gradient of zero
    "no slope, no number": Fault(
        _planes.straight,
        "length = length.masked_fill(length.isinf(), 0)",
        "length = length * 1",
        test_deepfool.test_a_flat_model_moves_nothing_and_gives_no_nan,
    ),
    # foolbox's Brendel and Bethge
    "steps end on the border itself, and none is a success": Fault(
        brendel_bethge.along,
        ".maximum(least)",
        "",
        test_brendel_bethge.test_small_steps_end_behind_the_border_not_on_it,
        {"threat": L2},
    ),
    "the trust region grows with the batch": Fault(
        brendel_bethge.along,
        "images[:1].numel()",
        "images.numel()",
        contract.test_company_order_and_batch_change_nothing,
        {**of("brendel_bethge"), "threat": L2(0.4)},
    ),
    # adversarial-library's SuperDeepFool, from its second time on
    "the way back begins at the last point, not at the image": Fault(
        super_deepfool.super_deepfool,
        "image + back, over",
        "here + back, over",
        test_super_deepfool.test_steps_follow_a_slow_reading_where_no_wall_is_near,
    ),
    # foolbox's decision-based attacks
    "one failed start aborts the batch": Fault(
        _border_search.started,
        "return points[found], rows[found]",
        "return points, rows",
        test__border_search.test_one_failed_start_leaves_the_others_alone,
    ),
    "a point outside the ball may be the result": Fault(
        _border_search.Ground.asks,
        "candidate=kind is inside",
        "candidate=True",
        test__border_search.test_a_point_in_the_ball_is_a_candidate_and_another_a_probe,
    ),
    "HopSkipJump ignores its norm": Fault(
        hop_skip_jump._leap,
        "ground.threat.take(rows).steepest(slope, points)",
        "slope / slope.flatten(1).norm(dim=1)[:, None, None, None]",
        test_hop_skip_jump.test_it_comes_near_the_plane,
        {"plane": linear(walls=False), "threat": Linf},
    ),
    "RayS never comes to single pixels": Fault(
        rays._blocks,
        "min(level, size.bit_length())",
        "min(level, 2)",
        test_rays.test_it_finds_the_exact_distance_of_a_plane,
        {"plane": linear(walls=False)},
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_suite_catches_it(fault, request, monkeypatch) -> None:
    assert_caught(fault, request, monkeypatch)
