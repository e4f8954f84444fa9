"""Who is set beside whom: each attack of ours with every peer's, at equal passes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import _peers
from benchmarks._strength_code import code_of

Options = Callable[[float], dict[str, Any]]
PIN = {"adv_lib": "adv-lib", "art": "adversarial-robustness-toolbox", "secml_torch": "secml-torch"}


@dataclass(frozen=True)
class Entrant:
    """One library's attack.

    Args:
        library: Its name.
        attack: The attack, as its users write it.
        options: Of a radius: what it is given.
        draws: Whether it draws anything; one that does not runs once and stands for all seeds.
        like: A peer whose mean queries a row are this one's budget, to the query.
        runner: Who asks it, where that is not the library's usual one.
    """

    library: str
    attack: str
    options: Options
    draws: bool = True
    like: str = ""
    runner: str = ""

    def key(self, eps: float) -> str:
        """What was asked: attack, options, the peer's version or the code of our attack."""
        pinned = PIN.get(self.library, self.library)
        pin = next((pin for pin in _peers.PINS if pin.startswith(pinned)), "")
        if self.library == "robustlib":
            pin = " ".join(map(code_of, self.code))
        told = self.runner, pin, self.attack, sorted(self.options(eps).items()), self.like
        return repr(told)

    @property
    def code(self) -> tuple[str, ...]:
        """The modules of ours that it runs."""
        return (self.attack, "_towards", "_base") if self.runner else (self.attack,)


@dataclass(frozen=True)
class Pair:
    """An attack of several libraries.

    Args:
        name: Its name.
        kind: `gradient`, `smallest`, `whole`, `score` or `decision`.
        norm: `Linf`, `L2` or `L1`.
        entrants: Of whom one is ours.
        seeds: Runs of those who draw.
        few: Whether only the first images are shown: to slow attacks, and to all of ART's.
    """

    name: str
    kind: str
    norm: str
    entrants: tuple[Entrant, ...]
    seeds: int = 5
    few: bool = False


def pairs() -> list[Pair]:
    """All of them, in the order in which they are run."""
    everything = [*_gradient(), *_transferable(), *_smallest(), *_whole(), *_queries()]
    order = ["gradient", "smallest", "score", "whole", "decision"]
    return sorted(everything, key=lambda pair: (order.index(pair.kind), pair.few))


def _given(**options: Any) -> Options:
    return lambda _: options


def _gradient() -> Iterator[Pair]:
    for norm in ("Linf", "L2", "L1"):
        yield from _pgd(norm)
    for loss in ("ce", "dlr"):
        for norm in ("Linf", "L2") if loss == "ce" else ("Linf",):
            yield _apgd(loss, norm)
    yield _apgd("ce", "L1")
    yield _towards()


def _pgd(norm: str) -> Iterator[Pair]:
    """Forty steps of a quarter of the radius, of a random start; in L1 as each library has it."""

    def step(**names: Any) -> Options:
        return lambda eps: {
            key: eps / 4 if value is None else value for key, value in names.items()
        }

    ours = Entrant("robustlib", "pgd", step(steps=40, step_size=None))
    entrants = [
        ours,
        Entrant("foolbox", f"{norm}PGD", step(steps=40, abs_stepsize=None, random_start=True)),
        Entrant(
            "secml_torch",
            "PGD",
            lambda eps: {
                "perturbation_model": norm.lower(),
                "epsilon": eps,
                "num_steps": 40,
                "step_size": eps / 4,
                "random_start": True,
            },
        ),
    ]
    if norm != "L1":
        named = {"Linf": "PGD", "L2": "PGDL2"}[norm]
        own: Options = lambda eps: {"eps": eps, "alpha": eps / 4, "steps": 40}  # noqa: E731
        entrants.append(Entrant("torchattacks", named, own))
    if norm == "Linf":
        entrants.append(
            Entrant("adv_lib", "pgd_linf", lambda eps: {"ε": eps, "absolute_step_size": eps / 4})
        )
    yield Pair(f"pgd_{norm.lower()}", "gradient", norm, tuple(entrants))
    power = {"Linf": "inf", "L2": 2, "L1": 1}[norm]
    theirs: Options = lambda eps: {  # noqa: E731
        "norm": power,
        "eps": eps,
        "eps_step": eps / 4,
        "max_iter": 40,
        "num_random_init": 1,
        "verbose": False,
    }
    art = Entrant("art", "ProjectedGradientDescentPyTorch", theirs)
    yield Pair(f"pgd_{norm.lower()}_art", "gradient", norm, (ours, art), few=True)


def _apgd(loss: str, norm: str) -> Pair:
    """A hundred steps from one random start."""
    power = {"Linf": float("inf"), "L2": 2, "L1": 1}[norm]
    entrants = [
        Entrant("robustlib", "apgd", _given(measure=loss, steps=100)),
        Entrant(
            "pyautoattack",
            "autopgd_base.APGDAttack",
            _given(loss=loss, n_iter=100, use_largereps=norm == "L1"),
        ),
        Entrant(
            "adv_lib",
            "apgd",
            lambda eps: {
                "eps": eps,
                "norm": power,
                "loss_function": loss,
                "use_large_reps": norm == "L1",
            },
        ),
    ]
    if norm != "L1":
        own: Options = lambda eps: {"norm": norm, "eps": eps, "loss": loss, "steps": 100}  # noqa: E731
        entrants.append(Entrant("torchattacks", "APGD", own))
    return Pair(f"apgd_{loss}_{norm.lower()}", "gradient", norm, tuple(entrants))


def _towards() -> Pair:
    """Targeted APGD: a hundred steps towards each of nine classes, on what is left.

    One seed, as all of AutoAttack, whose longest part it is.
    """
    entrants = (
        Entrant("robustlib", "apgd", _given(steps=100), runner="robustlib cascade"),
        Entrant("pyautoattack", "autopgd_base.APGDAttack_targeted", _given(n_iter=100)),
        Entrant(
            "adv_lib",
            "apgd_targeted",
            lambda eps: {"eps": eps, "norm": float("inf"), "num_targets": 9},
        ),
        Entrant("torchattacks", "APGDT", lambda eps: {"eps": eps, "steps": 100}),
    )
    return Pair("apgd_t_linf", "gradient", "Linf", entrants, seeds=1)


def _transferable() -> Iterator[Pair]:
    """Ten steps of a tenth of the radius."""
    own = {"fgsm": "FGSM", "bim": "BIM", "mi_fgsm": "MIFGSM", "ni_fgsm": "NIFGSM"}
    own |= {"si_fgsm": "SINIFGSM", "vmi_fgsm": "VMIFGSM"}
    for name, theirs in own.items():
        entrants = [
            Entrant("robustlib", name, _ours_of(name), draws=name == "vmi_fgsm"),
            Entrant("torchattacks", theirs, _theirs_of(name), draws=name == "vmi_fgsm"),
        ]
        boxed = {"bim": "LinfBasicIterativeAttack", "fgsm": "LinfFastGradientAttack"}
        boxed["mi_fgsm"] = "LinfMomentumIterativeFastGradientMethod"
        if name in boxed:
            steps = {} if name == "fgsm" else {"steps": 10, "rel_stepsize": 0.1}
            entrants.append(Entrant("foolbox", boxed[name], _given(**steps), draws=False))
        yield Pair(f"{name}_linf", "gradient", "Linf", tuple(entrants))


def _ours_of(name: str) -> Options:
    more: dict[str, dict[str, Any]] = {"vmi_fgsm": {"samples": 5}, "si_fgsm": {"copies": 5}}
    return _given(**({} if name == "fgsm" else {"steps": 10} | more.get(name, {})))


def _theirs_of(name: str) -> Options:
    def options(eps: float) -> dict[str, Any]:
        return {"eps": eps} | ({} if name == "fgsm" else {"alpha": eps / 10, "steps": 10})

    return options


def _smallest() -> Iterator[Pair]:
    """A hundred steps, where a method has one row of them; C&W and EAD five whole rows of them."""
    norms: dict[str, dict[str, Any]] = {"Linf": {"norm": float("inf")}, "L2": {"norm": 2}}
    boxed = {"Linf": "LInfFMNAttack", "L2": "L2FMNAttack", "L1": "L1FMNAttack"}
    for norm, power in {**norms, "L1": {"norm": 1}}.items():
        entrants = (
            Entrant("robustlib", "fmn", _given(steps=100), draws=False),
            Entrant("foolbox", boxed[norm], _given(steps=100), draws=False),
            Entrant("adv_lib", "fmn", _given(steps=100, **power), draws=False),
            Entrant(
                "secml_torch",
                "FMN",
                _given(perturbation_model=norm.lower(), num_steps=100, step_size=1.0),
                draws=False,
            ),
        )
        yield Pair(f"fmn_{norm.lower()}", "smallest", norm, entrants)
    boxed_ddn = ("foolbox", "DDNAttack", {"steps": 100})
    ddn = ("adv_lib", "ddn", {"steps": 100, "levels": None})
    own_ddn = ("secml_torch", "DDN", {"num_steps": 100, "eps_init": 1.0})
    yield _fixed("ddn_l2", "L2", ("ddn", {}), boxed_ddn, ddn, own_ddn)
    alma = ("adv_lib", "alma", {"num_steps": 300, "distance": "l2"})
    yield _fixed("alma_l2", "L2", ("alma", {"steps": 300}), alma)
    five = {"steps": 100, "searches": 5}
    whole: dict[str, Any] = {"binary_search_steps": 5, "abort_early": False}
    boxed_cw = ("foolbox", "L2CarliniWagnerAttack", {"steps": 100, **whole})
    carlini = ("adv_lib", "carlini_wagner_l2", {"max_iterations": 100, **whole})
    yield _fixed("cw_l2", "L2", ("cw", five), boxed_cw, carlini)
    boxed_ead = ("foolbox", "EADAttack", {"steps": 100, "decision_rule": "L1", **whole})
    yield _fixed("ead_l1", "L1", ("ead", five), boxed_ead)
    planes = ("foolbox", "L2DeepFoolAttack", {"steps": 50}), ("adv_lib", "df", {"steps": 50})
    named = ("torchattacks", "DeepFool", {"steps": 50})
    yield _fixed("deepfool_l2", "L2", ("deepfool", {"steps": 50}), *planes, named)
    yield _fixed("super_deepfool_l2", "L2", ("super_deepfool", {}), ("adv_lib", "sdf", {}))
    for norm, power in norms.items():
        theirs = ("adv_lib", "fab", {"n_iter": 100, **power})
        yield _fixed(f"fab_{norm.lower()}", norm, ("fab", {"steps": 100}), theirs)


def _fixed(
    name: str, norm: str, ours: tuple[str, dict[str, Any]], *peers: tuple[str, str, dict[str, Any]]
) -> Pair:
    """Attacks that draw nothing."""
    own = Entrant("robustlib", ours[0], _given(**ours[1]), draws=False)
    others = [
        Entrant(library, attack, _given(**given), draws=False) for library, attack, given in peers
    ]
    return Pair(name, "smallest", norm, (own, *others))


def _whole() -> Iterator[Pair]:
    """AutoAttack's standard version beside the original."""
    original = Entrant("pyautoattack", "autoattack.AutoAttack", _given())
    ours = Entrant("robustlib", "auto_attack", _given())
    yield Pair("auto_attack_linf", "whole", "Linf", (ours, original), seeds=1)


def _queries() -> Iterator[Pair]:
    square = (
        Entrant("robustlib", "square", _given(steps=1000)),
        Entrant("pyautoattack", "square.SquareAttack", _given(n_queries=1000)),
        Entrant("torchattacks", "Square", lambda eps: {"eps": eps, "n_queries": 1000}),
    )
    yield Pair("square_linf", "score", "Linf", square, seeds=1)
    quiet, aimless = {"verbose": False}, {"verbose": False, "targeted": False}
    asked: list[tuple[str, str, str, dict[str, Any]]] = [
        ("boundary", "foolbox", "BoundaryAttack", {"steps": 2000}),
        ("boundary", "art", "BoundaryAttack", {"max_iter": 100, **aimless}),
        ("hop_skip_jump", "foolbox", "HopSkipJumpAttack", {"steps": 10}),
        ("hop_skip_jump", "art", "HopSkipJump", {"max_iter": 10, **quiet}),
        ("sign_opt", "art", "SignOPTAttack", {"query_limit": 4000, **aimless}),
        ("geoda", "art", "GeoDA", {"max_iter": 4000, **quiet}),
        ("zoo", "art", "ZooAttack", {"max_iter": 100, **quiet}),
    ]
    for name, library, theirs, options in asked:
        peer = Entrant(library, theirs, _given(**options))
        entrants = peer, Entrant("robustlib", name, _given(), like=library)
        yield Pair(f"{name}_l2_{library}", "decision", "L2", entrants, seeds=1, few=True)
