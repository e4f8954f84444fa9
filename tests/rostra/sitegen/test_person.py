"""People: names in the order of their language, and who is there."""

import pytest

from rostra.sitegen.programme import load

PEOPLE = """\
chen:
  name: {en: Pin-Yu Chen, zh: 陈品妤}
  family: {en: Chen, zh: 陈}
  aliases: [P.-Y. Chen]
  orcid: https://orcid.org/0000-0002-1694-233X
liu:
  name: Liu Yi
  family: Liu
ann:
  name: Ann
wang:
  name: Wei Wang
"""


@pytest.mark.parametrize(
    ("key", "language", "told"),
    [
        ("chen", "en", "Chen, Pin-Yu"),
        ("chen", "zh", "陈品妤"),
        ("liu", "en", "Liu, Yi"),  # as written: family name first
        ("ann", "en", "Ann"),
        ("wang", "en", "Wei Wang"),  # which of the two it is, nobody said
    ],
)
def test_a_name_is_sorted_by_its_family_name(seminars, key, language, told) -> None:
    people = {one.id: one for one in load(seminars({"people.yaml": PEOPLE})).people}
    assert people[key].sorted_name(language) == told


def test_an_orcid_is_kept_without_its_address(seminars) -> None:
    chen = load(seminars({"people.yaml": PEOPLE})).people[0]
    assert (chen.orcid, chen.aliases) == ("0000-0002-1694-233X", ("P.-Y. Chen",))


def test_a_person_is_listed_with_every_part_that_they_have(seminars) -> None:
    talk = "title: x\nstart: 2024-05-0{} 10:00\nspeakers: [wang]\n{}: [ann]\n"
    texts = {
        f"weekly/{role}.yaml": talk.format(i + 1, role)
        for i, role in enumerate(("chairs", "panellists", "discussants"))
    }
    found = load(seminars(texts | {"weekly/trust.yaml": None}))
    ann = next(one for one in found.people if one.id == "ann")
    roles = [(talk.slug, role) for talk, role in found.with_person(ann)]
    assert roles == [(role, role) for role in ("discussants", "panellists", "chairs")]
