import torch

from robustlib.conformance._nets import small
from robustlib.conformance._torchattacks import subjects
from tests.robustlib.conformance._stubs import Recorder, install


def test_each_attack_gets_its_radius_and_the_number_of_classes(monkeypatch) -> None:
    known = small(3)
    recorder = Recorder(lambda name, *given, **options: lambda images, labels: images)
    install(monkeypatch, "torchattacks", recorder)
    told = {}
    for subject in subjects():
        assert subject.run(known, torch.inf if subject.minimal else 0.1) is known.images
        told[subject.name] = recorder.calls[-1][2]
    assert told["PGD"] == {"eps": 0.1, "alpha": 0.01, "steps": 40}
    assert told["AutoAttack"] == {"eps": 0.1, "n_classes": 3}
    assert told["CW"] == {}
