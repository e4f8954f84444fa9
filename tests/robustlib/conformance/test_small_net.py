import dataclasses

from robustlib.conformance.small_net import small_net
from tests.robustlib.conformance._subjects import faulty, ours


def test_a_sound_attack_is_near_on_many_points_and_never_below() -> None:
    finding = small_net(ours("fmn L2"))
    assert finding.kept
    assert not small_net(dataclasses.replace(ours("ddn L2"), whole=True)).kept


def test_a_success_below_the_exact_distance_is_no_success_but_a_lie() -> None:
    """Points beyond the boundary that are measured short: the images were moved too."""
    finding = small_net(faulty("fmn L2", lambda found, known: known.images.copy_(found)))
    assert not finding.kept
    assert "below" in finding.told
