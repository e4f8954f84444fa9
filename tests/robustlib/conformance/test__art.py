from types import SimpleNamespace

import torch

from robustlib.conformance._art import subjects
from robustlib.conformance._nets import small
from tests.robustlib.conformance._stubs import Recorder, install


def test_each_attack_gets_its_norm_its_radius_and_a_classifier(monkeypatch) -> None:
    known = small(3)
    method = SimpleNamespace(generate=lambda images, labels: images)
    recorder = Recorder(lambda name, *given, **options: method)
    install(monkeypatch, "art", recorder)
    told = {}
    for subject in subjects():
        found = subject.run(known, torch.inf if subject.minimal else 0.1)
        assert torch.equal(found, known.images)
        victim, attack = recorder.calls[-2:]
        assert victim[2]["nb_classes"] == 3
        assert victim[2]["input_shape"] == (2, 6, 6)
        told[subject.name] = attack[2]
    wanted = {"norm": "inf", "eps": 0.1, "eps_step": 0.025, "verbose": False}
    assert told["ProjectedGradientDescentPyTorch Linf"] == wanted
    assert told["SquareAttack"] == {"norm": "inf", "eps": 0.1}
    assert told["CarliniL2Method"] == {"verbose": False}
