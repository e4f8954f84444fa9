"""A secret planted in every field of every model: refused, caught after the build, or nowhere."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from rostra.sitegen.embargo import Veil
from rostra.sitegen.faults import EntryError
from rostra.sitegen.fields import Bilingual
from rostra.sitegen.inventory import Inventory
from rostra.sitegen.leaks import leaks
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.opening import Opening
from rostra.sitegen.person import Person
from rostra.sitegen.programme import load
from rostra.sitegen.project import Project
from rostra.sitegen.render import render
from rostra.sitegen.series import Series, Way
from rostra.sitegen.site import Group, Site, Theme
from rostra.sitegen.talk import Demo, Talk
from tests._project import with_known_talks
from tests.rostra.sitegen._building import built
from tests.rostra.sitegen.conftest import NOW
from tests.rostra.sitegen.hostile._entries import quoted

SECRET = "r4711-tulip-9"
SITE = {"id": "lab", "name": "Lab", "url": "https://lab.example/", "zone": "UTC"}
EVENT = {"title": "x", "start": "2024-05-05 10:00"}
# Each model: the file that it stands in, the way to it, and what it cannot be without.
MODELS: dict[type[BaseModel], tuple[str, tuple[str, ...], dict[str, object]]] = {
    Site: ("site.yaml", (), SITE),
    Person: ("people.yaml", ("wang",), {"name": "W"}),
    Series: ("series.yaml", ("weekly",), {"name": "Weekly"}),
    Talk: ("weekly/trust.yaml", (), EVENT | {"speakers": ["wang"]}),
    Meetup: ("weekly/lunch.yaml", (), EVENT | {"repeat": "FREQ=WEEKLY;BYDAY=SU"}),
    Project: ("projects.yaml", ("safe",), {"title": "x", "summary": "y"}),
    Opening: ("openings/phd.yaml", (), {"title": "x", "about": "y", "posted": "2024-05-01"}),
}
NEEDED: dict[type[BaseModel], dict[str, object]] = {
    Way: {"name": "x"},
    Group: {"name": "x"},
    Theme: {"title": "x"},
    Demo: {"name": "playground"},
}
# However a field is written: a word, an address, a list or a language of it, a setting.
FORMS = (
    SECRET,
    f"https://a.example/{SECRET}",
    [SECRET],
    {"en": SECRET, "zh": SECRET},
    {"en": f"**r4711**-tulip-9 [a](https://a.example/{SECRET})"},
    {SECRET: SECRET},
    {"name": "x", "settings": {"key": SECRET}},
)


def fields(model: type[BaseModel]) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """All fields of a model, those of the models inside it as well."""
    for name, field in model.model_fields.items():
        yield (name,), model
        for inner in set(_models(field.annotation)) - {Person, Bilingual}:
            yield from (((name, *way), owner) for way, owner in fields(inner))


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def planted(model: type[BaseModel], way: tuple[str, ...], value: object) -> dict[str, object]:
    """What a file says when the value stands in one field of it."""
    *outer, last = way
    found: object = {last: value}
    place = model
    chain = []
    for step in outer:
        inner = next(iter(_models(place.model_fields[step].annotation)))
        several = "tuple" in str(place.model_fields[step].annotation)
        chain.append((step, inner, several))
        place = inner
    for step, inner, several in reversed(chain):
        filled = {**NEEDED.get(inner, {}), **found}
        found = {step: [filled] if several else filled}
    return {**MODELS[model][2], **found}


def outcome(folder: Path, site: Path) -> str:
    """What comes of entries: refused, caught, or published nowhere."""
    try:
        programme = load(folder, NOW)
    except EntryError:
        return "refused"
    shutil.rmtree(site, ignore_errors=True)
    told = False
    for number, output in enumerate(render(programme, Inventory(), NOW)):
        path = site / f"{number}{Path(output.path).suffix}"
        path.parent.mkdir(exist_ok=True)
        text = f"{output.path}\n{output.page or ''}\n{output.text}"
        told |= SECRET in text or "tulip" in text.lower()
        path.write_text(text, encoding="utf-8")
    caught = any("'planted'" in one.what for one in leaks(site, programme, Veil(NOW, folder, None)))
    assert caught or not told
    return "caught" if caught else "nowhere"


CASES = [(model, way) for model in MODELS for way, _ in fields(model)]
COUNTS: Counter[str] = Counter()


@pytest.mark.parametrize(
    ("model", "way"), CASES, ids=[f"{model.__name__}.{'.'.join(way)}" for model, way in CASES]
)
def test_a_secret_in_a_field_is_refused_or_caught(seminars, tmp_path, model, way) -> None:
    file, at, _ = MODELS[model]
    for form in FORMS:
        data: object = planted(model, way, form)
        for key in reversed(at):
            data = {key: data}
        base = {"site.yaml": quoted(SITE), "people.yaml": "wang:\n  name: W\n"}
        base |= {"series.yaml": "weekly:\n  name: Weekly\n", "secrets.yaml": f"planted: {SECRET}\n"}
        folder = seminars(base | {file: quoted(data)})
        COUNTS[outcome(folder, tmp_path / "site")] += 1


def test_every_field_was_tried_and_both_ends_were_met() -> None:
    assert len(CASES) > 80
    assert COUNTS["caught"] > 100
    assert COUNTS["refused"] > 100


FILES = {
    f"weekly/{SECRET}.yaml": "title: x\nstart: 2024-05-05 10:00\n",
    f"openings/{SECRET}.yaml": "title: x\nabout: y\nposted: 2024-05-01\n",
    "people.yaml": f"ann:\n  name: A\nwang:\n  name: W\n{SECRET}:\n  name: X\n",
    "series.yaml": f"weekly:\n  name: W\n{SECRET}:\n  name: X\n",
    "weekly/trust.en.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>say {SECRET}\n",
}


@pytest.mark.parametrize(("file", "text"), FILES.items(), ids=FILES)
def test_a_secret_in_a_name_a_key_or_what_is_said_is_caught(seminars, tmp_path, file, text) -> None:
    folder = seminars({"secrets.yaml": f"planted: {SECRET}\n", file: text})
    assert outcome(folder, tmp_path / "site") in ("caught", "nowhere")


def test_no_secret_is_a_language(seminars, tmp_path) -> None:
    captions = {f"weekly/trust.{SECRET}.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n"}
    folder = seminars({"secrets.yaml": f"planted: {SECRET}\n"} | captions)
    assert outcome(folder, tmp_path / "site") == "refused"


def test_our_own_site_tells_nothing(tmp_path) -> None:
    """No finding on a site that is in order, whatever its secrets are."""
    (tmp_path / "ours").mkdir()
    ours = with_known_talks(tmp_path / "ours")
    secrets = f"planted: {SECRET}\nroom: https://rooms.example/in/7?x=Zx9Kq\npin: '827364'\n"
    secrets += "title: A proof that nobody has seen\nabstract: We show what no page here says.\n"
    (ours / "seminars" / "secrets.yaml").write_text(secrets)
    site = built(ours, tmp_path / "site", ROSTRA_NOW="2026-11-21T09:00+08:00")
    assert len(list(site.rglob("*.html"))) > 30
    programme = load(ours / "seminars")
    assert list(leaks(site, programme, Veil(NOW, ours / "seminars", None))) == []
