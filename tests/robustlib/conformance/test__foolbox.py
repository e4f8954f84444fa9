import torch

from robustlib.conformance._foolbox import KINDS, subjects
from robustlib.conformance._nets import small
from tests.robustlib.conformance._stubs import Recorder, install


def test_each_attack_is_asked_for_by_its_own_name_with_radius_or_none(monkeypatch) -> None:
    known = small()

    def found(name, *given, **options):
        attacks = name.startswith("attacks.")
        return (
            (lambda *g, **o: (recorder.calls.append((name, g, o)), known.images, 0))
            if (attacks)
            else name
        )

    recorder = Recorder(found)
    install(monkeypatch, "foolbox", recorder)
    for subject in subjects():
        recorder.calls.clear()
        eps = torch.inf if subject.minimal else 0.1
        assert subject.run(known, eps) is known.images
        name, given, options = recorder.calls[-1]
        assert name == f"attacks.{subject.name}"
        assert given[0] == "PyTorchModel"
        assert given[1] is known.images
        assert given[2] == "criteria.Misclassification"
        assert options == {"epsilons": None if subject.minimal else 0.1}
    assert len(KINDS) == len(list(subjects()))
