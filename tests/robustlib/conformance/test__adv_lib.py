import torch

from robustlib.conformance._adv_lib import subjects
from robustlib.conformance._nets import small
from tests.robustlib.conformance._stubs import Recorder, install


def test_each_function_gets_its_norm_and_its_radius(monkeypatch) -> None:
    known = small()
    recorder = Recorder(lambda name, model, images, labels, **options: images)
    install(monkeypatch, "adv_lib", recorder)
    told = {}
    for subject in subjects():
        assert subject.run(known, torch.inf if subject.minimal else 0.1) is known.images
        told[subject.name] = recorder.calls[-1][0], recorder.calls[-1][2]
    assert told["pgd_linf"] == ("attacks.pgd_linf", {"ε": 0.1})
    assert told["apgd L1"] == ("attacks.apgd", {"eps": 0.1, "norm": 1})
    assert told["fmn Linf"] == ("attacks.fmn", {"norm": torch.inf})
