from rostra.sitegen.fields import Bilingual
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.topics import LONGEST, slug_of, topics

TALK = "title: T\nstart: 2024-05-{day} 10:00\ntopics: {topics}\n"


def entries(*lists: str) -> dict[str, str | None]:
    files = {
        f"weekly/t{i}.yaml": TALK.format(day=10 + i, topics=one) for i, one in enumerate(lists)
    }
    return {**files, "weekly/trust.yaml": None}


def test_a_topic_gathers_its_talks_whatever_language_names_it(seminars) -> None:
    programme: Programme = load(
        seminars(entries("[doubt]", "[{en: Doubt, zh: 怀疑}, trust]", "[doubt, Doubt]"))
    )
    found = topics(programme.talks)
    assert [(one.slug, [talk.slug for talk in one.talks]) for one in found] == [
        ("doubt", ["t2", "t1", "t0"]),
        ("trust", ["t1"]),
    ]
    assert found[0].name == Bilingual(en="Doubt", zh="怀疑")


def test_an_address_is_ascii_and_no_two_topics_share_one() -> None:
    names = ["信任", "信 任", "怀疑", "C", "C++", "C#", "Ünïted", "R&D", "é", "∞", "…"]
    slugs = [slug_of(name) for name in names]
    assert all(slug.isascii() and slug == slug.strip("-") for slug in slugs)
    assert slugs[0] == slugs[1] == "u4fe1-u4efb"
    assert len({*slugs[1:9]}) == 8
    assert slugs[-2:] == ["none", "none"]


def test_the_programme_knows_its_topics(seminars) -> None:
    programme: Programme = load(seminars(entries("[doubt]")))
    assert programme.topics == topics(programme.talks)


def test_a_long_topic_has_an_address_that_a_file_can_have() -> None:
    long, other = slug_of("trust " * 999), slug_of("trust " * 998)
    assert long.startswith("trust-trust-")
    assert len(long) <= LONGEST
    assert long != other
    assert slug_of("a" * LONGEST) == "a" * LONGEST
