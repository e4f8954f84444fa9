import subprocess

import pytest

from rostra.sitegen.preview.earlier import CommitError, earlier
from rostra.sitegen.programme import load
from tests.rostra.sitegen.conftest import NOW, TALK


@pytest.fixture
def committed(seminars):
    folder = seminars()
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"], ["tag", "first"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@lab.example"]
        subprocess.run(["git", *who, *words], cwd=folder.parent, check=True)
    (folder / "weekly/trust.yaml").write_text(TALK.replace("On trust", "On doubt"))
    return folder


def test_a_talk_is_read_as_a_commit_has_it(committed) -> None:
    now = load(committed, NOW).entry("trust")
    then = earlier(now, committed.parent, "first", NOW)
    assert then is not None
    assert (then.title.en, now.title.en) == ("On trust", "On doubt")


def test_it_is_found_under_its_earlier_address_or_not_at_all(committed) -> None:
    path = committed / "weekly/trust.yaml"
    path.rename(committed / "weekly/doubt.yaml")
    found = earlier(load(committed, NOW).entry("doubt"), committed.parent, "first", NOW)
    assert found is None
    (committed / "weekly/doubt.yaml").write_text(TALK + "formerly: [weekly/trust]\n")
    found = earlier(load(committed, NOW).entry("doubt"), committed.parent, "first", NOW)
    assert found is not None
    assert found.ref == "weekly/trust"


@pytest.mark.parametrize("commit", ["second", "--output=x", ""])
def test_a_commit_that_is_none_is_refused(committed, commit) -> None:
    talk = load(committed, NOW).entry("trust")
    with pytest.raises(CommitError, match="git rev-parse"):
        earlier(talk, committed.parent, commit, NOW)
