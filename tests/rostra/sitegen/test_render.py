import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen.inventory import Demo, Inventory
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.render import Output, PageHead, TemplateError, render, sheets

ROOT = Path(__file__).parents[3]
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def templates(tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()

    def write(**files: str) -> Path:
        for name, text in files.items():
            suffix = ".yaml" if name == "_words" else ".j2"
            name = name if suffix == ".yaml" else name.replace("__", ".")
            (folder / f"{name}{suffix}").write_text(text, encoding="utf-8")
        return folder

    return write


def outputs(programme: Programme, folder: Path, *demos: Demo) -> list[Output]:
    return [one.write() for one in sheets(programme, Inventory(demos=demos), NOW, folder)]


def test_a_template_is_written_for_each_item_in_each_language(programme, templates) -> None:
    folder = templates(
        page__html="---\n"
        "each: talks\nlanguages: true\n"
        'path: "{{ prefix }}talks/{{ item.series.id }}/{{ item.slug }}/index.html"\n'
        'page:\n  title: "{{ item.title | in_language(lang) }}"\n'
        '  description: "{{ words.hello }} & {{ lang }}"\n  kind: talk\n'
        "---\n<p>{{ words.hello }} {{ here }}</p>\n",
        _words="hello: {en: Hello, zh: 你好}\n",
    )
    assert outputs(programme, folder) == [
        Output(
            "talks/weekly/trust/index.html",
            "<p>Hello talks/weekly/trust/index.html</p>",
            PageHead("On trust", "Hello & en", "talk", "en"),
        ),
        Output(
            "zh/talks/weekly/trust/index.html",
            "<p>你好 zh/talks/weekly/trust/index.html</p>",
            PageHead("论信任", "你好 & zh", "talk", "zh"),
        ),
    ]


def test_a_page_may_say_more_in_its_head(programme, templates) -> None:
    folder = templates(
        _head__html='<meta name="t" content="{{ item.slug }} {{ lang }} &amp; {{ more }}">',
        page__html="---\neach: talks\npath: a\npage:\n  title: T\n  description: D\n  kind: k\n"
        '  head: \'{% set more = "<i>" %}{% include "_head.html.j2" %}\'\n---\n<p>',
    )
    (found,) = outputs(programme, folder)
    assert found.page.head == '<meta name="t" content="trust en &amp; &lt;i&gt;">'


def test_inventory_and_programme_both_have_sequences(programme, templates) -> None:
    folder = templates(demo__txt='---\neach: demos\npath: "{{ item.id }}"\n---\n{{ item.title }}')
    found = outputs(programme, folder, Demo("a", "A", "", ""))
    assert [(one.path, one.text, one.page) for one in found] == [("a", "A", None)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a__html", "&lt;i&gt; &amp;"),
        ("a__xml", "&lt;i&gt; &amp;"),
        ("a__txt", "<i> &"),
        ("a__ics", "<i> &"),
    ],
)
def test_escaping_follows_the_suffix(programme, templates, name, shown) -> None:
    folder = templates(**{name: '---\npath: a\n---\n{{ "<i> &" }}'})
    assert outputs(programme, folder)[0].text == shown


def test_the_clock_is_the_one_that_is_given(programme, templates) -> None:
    folder = templates(a__txt="---\npath: a\n---\n{{ now.isoformat() }}")
    assert outputs(programme, folder)[0].text == NOW.isoformat()


def test_furniture_is_not_written(programme, templates) -> None:
    folder = templates(
        _macros__html="{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}",
        a__html='---\npath: a\n---\n{% import "_macros.html.j2" as f %}{{ f.m("&") }}',
    )
    assert [(one.path, one.text) for one in outputs(programme, folder)] == [("a", "<b>&amp;</b>")]


# what: (templates, words of the error)
WRONG = {
    "undefined name": ({"a__txt": "---\npath: a\n---\n\n\n{{ nobody }}"}, "a.txt.j2:6: 'nobody'"),
    "undefined attribute": ({"a__txt": "---\npath: a\n---\n{{ site.nothing }}"}, "a.txt.j2:4:"),
    "unknown word": ({"a__txt": "---\npath: a\n---\n{{ words.nothing }}"}, "a.txt.j2:4:"),
    "syntax": ({"a__txt": "---\npath: a\n---\n\n{% if %}"}, "a.txt.j2:5:"),
    "in furniture": (
        {
            "_m__txt": "{% macro m() %}\n{{ nobody }}\n{% endmacro %}",
            "a__txt": '---\npath: a\n---\n{% import "_m.txt.j2" as m %}{{ m.m() }}',
        },
        "_m.txt.j2:2: 'nobody'",
    ),
    "in the path": ({"a__txt": '---\npath: "{{ item.x }}"\n---\n'}, "a.txt.j2"),
    "no head": ({"a__txt": "hello"}, "a.txt.j2 has no head"),
    "no path": ({"a__txt": "---\neach: talks\n---\n"}, "the key 'path' is missing"),
    "unknown key": ({"a__txt": "---\npath: a\necho: talks\n---\n"}, "did you mean 'each'?"),
    "unknown sequence": ({"a__txt": "---\npath: a\neach: talk\n---\n"}, "`each: talk` is no"),
    "half a page": ({"a__html": "---\npath: a\npage: {title: x}\n---\n"}, "description and kind"),
    "two of a path": (
        {"a__txt": "---\npath: x\n---\n", "b__txt": "---\npath: x\n---\n"},
        "b.txt.j2 and a.txt.j2 both write x",
    ),
}


@pytest.mark.parametrize(("files", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_template_is_named_with_its_line(programme, templates, files, words) -> None:
    with pytest.raises(TemplateError) as caught:
        outputs(programme, templates(**files))
    assert words in str(caught.value)


BUILD = """
import hashlib, sys
from datetime import UTC, datetime
from pathlib import Path
from rostra.sitegen.channels import announce
from rostra.sitegen.inventory import read
from rostra.sitegen.checks import check
from rostra.sitegen.programme import load
from rostra.sitegen.render import render

folder = Path("seminars")
assert check(folder) == []
programme = load(folder)
digest = hashlib.sha256()
for output in render(programme, read(Path()), datetime(2022, 3, 1, tzinfo=UTC)):
    digest.update(f"{output.path}\\0{output.text}\\0{output.page}\\0".encode())
for talk in programme.talks:
    digest.update(announce(talk, programme, "mail", "zh").encode())
heavy = {"torch", "gradio", "robustlib", "numpy", "mkdocs", "fastapi"} & set(sys.modules)
assert not heavy, heavy
print(digest.hexdigest())
"""


def built(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_builds_are_equal_byte_for_byte_and_import_nothing_heavy() -> None:
    first = built(PYTHONHASHSEED="1", TZ="UTC", LANG="C")
    second = built(PYTHONHASHSEED="2", TZ="America/New_York", LANG="zh_CN.UTF-8")
    assert first == second


PREFIX = {"en": "", "zh": "zh/"}


def page_of(programme: Programme, path: str) -> Output:
    """What our own templates write there."""
    (found,) = [one for one in render(programme, Inventory(), NOW) if one.path == path]
    return found


def test_who_only_chairs_has_a_page_and_nothing_to_follow(seminars) -> None:
    """There is no calendar and no feed of it."""
    talk = "title: x\nstart: 2024-06-05 10:00\nspeakers: [wang]\nchairs: [ann]\n"
    read = load(seminars({"weekly/trust.yaml": talk}), NOW)
    for path, followed in (("people/ann/", False), ("people/wang/", True)):
        text = page_of(read, f"{path}index.html").text
        assert "talks/weekly/trust/" in text
        assert ("people/wang.ics" in text) is followed
        assert "ann.ics" not in text
        assert "feed.xml" not in text or followed


OFF = "title: On trust\nstart: 2024-06-05 10:00\nspeakers: [wang]\nstatus: "
CALLED_OFF = {
    ("postponed", "en"): ("Postponed: ", "It was planned for Wednesday 5 June 2024, 10:00"),
    ("cancelled", "en"): ("Cancelled: ", "It was planned for Wednesday 5 June 2024, 10:00"),
    ("postponed", "zh"): ("已延期：", "原定 2024 年 6 月 5 日"),
    ("cancelled", "zh"): ("已取消：", "原定 2024 年 6 月 5 日"),
}


@pytest.mark.parametrize(("status", "language"), CALLED_OFF)
def test_what_is_called_off_says_so_where_one_looks_first(seminars, status, language) -> None:
    mark, when = CALLED_OFF[status, language]
    read = load(seminars({"weekly/trust.yaml": OFF + status}), NOW)
    path = f"{PREFIX[language]}talks/weekly/trust/index.html"
    found = page_of(read, path)
    assert found.page is not None
    assert found.page.title.startswith({"en": mark, "zh": f"【{mark[1:3]}】"}[language])
    heading = found.text.partition("<h1>")[2].partition("</h1>")[0]
    assert re.sub("<[^>]*>", "", heading) == f"{mark}On trust"
    assert when in found.text
    assert "data-local-time" not in found.text  # nobody is to be there at that time


def test_a_bio_of_several_stands_once(seminars) -> None:
    talk = "title: x\nstart: 2024-06-05 10:00\nspeakers: [wang, ann]\nbio: They share a past.\n"
    read = load(seminars({"weekly/trust.yaml": talk}), NOW)
    assert page_of(read, "talks/weekly/trust/index.html").text.count("They share a past.") == 1


@pytest.mark.parametrize("languages", ["[en, zh]", "[zh, en]"])
def test_calendars_are_in_the_language_of_the_page(seminars, languages) -> None:
    talk = "title: x\nstart: 2024-06-05 10:00\nspeakers: [wang]\ntopics: [Trust]\n"
    folder = seminars({"weekly/trust.yaml": talk})
    site = (folder / "site.yaml").read_text("utf-8").replace("[en, zh]", languages)
    (folder / "site.yaml").write_text(site, encoding="utf-8")
    read = load(folder, NOW)
    first = read.site.languages[0]
    for language in ("en", "zh"):
        own = "" if language == first else f"{language}/"
        for calendar in ("talks/weekly/trust", "people/wang", "topics/trust"):
            text = page_of(read, f"{PREFIX[language]}{calendar}/index.html").text
            assert f'"/{own}{calendar}.ics"' in text
            others = set(re.findall(rf'"/((?:en/|zh/)?){calendar}\.ics"', text))
            assert others == {own}
