"""The workflows of .github: what they may do, and that each of their commands does it, here."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs._github import BOT, REPOSITORY, github
from tests.rostra.sitegen.pasted.test_form import ANSWERS, body

ROOT = Path(__file__).parents[2]
WORKFLOWS = {
    path.name: yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    for path in sorted((ROOT / ".github/workflows").glob("*.yml"))
}
JOBS = [(file, name, job) for file, flow in WORKFLOWS.items() for name, job in flow["jobs"].items()]
# All that any job may do beyond reading nothing at all; a new line here is looked at twice.
PERMISSIONS = {
    ("preview.yml", "preview"): {"contents": "read"},
    ("preview-comment.yml", "comment"): {
        "actions": "read",
        "contents": "read",
        "pull-requests": "write",
    },
    ("propose.yml", "read"): {"contents": "read"},
    ("propose.yml", "answer"): {
        "contents": "write",
        "issues": "write",
        "pull-requests": "write",
    },
}
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
ANSWERED = ANSWERS | {"series": "ai-prisec", "topics": "poisoning", "date": "3 December 2030"}


@pytest.mark.parametrize(("file", "name", "job"), JOBS, ids=lambda one: str(one)[:20])
def test_a_job_may_do_what_it_must_and_no_more(file: str, name: str, job: dict[str, Any]) -> None:
    given = WORKFLOWS[file]["permissions"]
    assert (job.get("permissions") or given) == PERMISSIONS[file, name]
    assert set(given) <= {"contents"}
    assert int(job["timeout-minutes"]) <= 15
    for step in job["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
        if "checkout" in step.get("uses", ""):
            told = step.get("with", {})
            assert "ref" not in told
            assert "repository" not in told
            assert (told.get("persist-credentials") == "false") == (name != "answer")


def test_every_job_has_its_line_here() -> None:
    assert {(file, name) for file, name, _ in JOBS} == set(PERMISSIONS)


@pytest.mark.parametrize("file", WORKFLOWS)
def test_no_stranger_writes_into_a_command(file: str) -> None:
    flow, text = WORKFLOWS[file], (ROOT / ".github/workflows" / file).read_text("utf-8")
    assert "pull_request_target" not in text
    assert "secrets." not in text
    for job in flow["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
    free = re.compile(r"\b(title|body|head_ref|message|label|name)\b")
    assert not [one for one in EXPRESSION.findall(text) if free.search(one)]
    assert flow["on"].keys() <= {"pull_request", "workflow_run", "issues"}


def test_the_commenting_workflow_waits_for_the_other_one() -> None:
    awaited = WORKFLOWS["preview-comment.yml"]["on"]["workflow_run"]["workflows"]
    assert awaited == [WORKFLOWS["preview.yml"]["name"]]


class Machine:
    """A machine that runs jobs: a clone, the variables of a run, and a GitHub to talk to."""

    def __init__(self, folder: Path, api: str) -> None:
        self.origin, self.clone, self.folder = folder / "origin.git", folder / "clone", folder
        self.api = api
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.origin], check=True)
        for name in ("seminars", "demos", "docs", ".github"):
            shutil.copytree(ROOT / name, self.clone / name)
        shutil.copy(ROOT / "Makefile", self.clone)
        for name in ("pyproject.toml", "constraints.txt", ".gitignore"):
            shutil.copy(ROOT / name, self.clone)
        (self.clone / "robustlib").mkdir()
        venv = self.clone / ".venv"
        venv.mkdir()
        (venv / "bin").symlink_to(Path(sys.executable).parent)
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", str(self.origin))
        self.commit("one")
        self.git("push", "-q", "origin", "main")
        for name in (".base", ".dev"):
            (venv / name).touch()  # newer than all that it depends on: it is installed

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@lab.example"]
        command = ["git", *who, *words]
        done = subprocess.run(command, cwd=self.clone, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def run(self, file: str, name: str, **known: str) -> str:
        """Run each command of a job in order; `known` are the values of its expressions."""
        values = {key.replace("__", "."): value for key, value in known.items()}
        said = []
        for step in WORKFLOWS[file]["jobs"][name]["steps"]:
            given = {
                key: EXPRESSION.sub(lambda found: values[found[1]], value)
                for key, value in step.get("env", {}).items()
            }
            if "run" in step:
                said.append(self._shell(step["run"], given))
        return "".join(said)

    def _shell(self, command: str, given: dict[str, str]) -> str:
        run = {
            "GITHUB_API_URL": self.api,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
        }
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=self.clone,
            env={**os.environ, **run, **given},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def event(self, text: str) -> None:
        told = json.dumps({"issue": {"number": 7, "body": text}})
        (self.folder / "event.json").write_text(told, encoding="utf-8")


@pytest.fixture
def site():
    with github() as state:
        yield state


@pytest.fixture
def machine(tmp_path: Path, site) -> Machine:
    return Machine(tmp_path, site.address)


def commented(machine: Machine, sha: str) -> str:
    return machine.run(
        "preview-comment.yml",
        "comment",
        github__token="a-token",
        github__event__workflow_run__head_repository__owner__login="stranger",
        github__event__workflow_run__head_branch="$(touch owned)",
        github__event__workflow_run__head_sha=sha,
        github__event__workflow_run__html_url="https://github.example/run/1",
    )


def test_a_change_is_previewed_and_its_comment_updated(machine: Machine, site) -> None:
    base = machine.git("rev-parse", "HEAD")
    talk = machine.clone / "seminars/ai-prisec/badbatch.yaml"
    talk.write_text(
        talk.read_text("utf-8").replace("2022-03-06 10:00", "2022-03-13 11:00"), "utf-8"
    )
    evil = machine.clone / "seminars/elsewhere/$(touch owned) `x`.yaml"
    evil.write_text("title: x\nstart: 2022-03-06 10:00\n", "utf-8")
    sha = machine.commit("two")
    machine.run("preview.yml", "preview", github__event__pull_request__base__sha=base)
    preview = machine.clone / "preview"
    pages = [path.name for path in preview.glob("*.html")]
    assert pages == ["1-ai-prisec-badbatch.html"]
    text = (preview / "comment.md").read_text("utf-8")
    assert "<code>Sunday 13 March 2022, 11&#58;00 Hong Kong time</code>" in text
    assert "### The entries are not in order" in text
    assert "### Without a preview" in text
    assert not (machine.clone / "owned").exists()

    site.pulls.append({"number": 5, "head": {"label": "stranger:$(touch owned)", "sha": sha}})
    theirs = {"id": 1, "on": 5, "user": {"login": "eve"}, "body": "<!-- rostra -->\nhello"}
    site.comments.append(theirs)
    assert commented(machine, sha) == "Posted: #5\n"
    assert commented(machine, sha) == "Updated: #5\n"
    ours = [one for one in site.comments if one["user"]["login"] == BOT]
    assert [one["on"] for one in ours] == [5]
    assert "made by the code of the pull request" in ours[0]["body"]
    assert "13 March 2022" in ours[0]["body"]
    assert theirs["body"].endswith("hello")
    assert not (machine.clone / "owned").exists()


def test_a_run_that_is_overtaken_posts_nothing(machine: Machine, site) -> None:
    (machine.clone / "preview").mkdir()
    (machine.clone / "preview/comment.md").write_text("old")
    site.pulls.append({"number": 5, "head": {"label": "stranger:$(touch owned)", "sha": "newer"}})
    assert "nothing is posted" in commented(machine, "older")
    assert site.comments == []


def answered(machine: Machine) -> str:
    machine.git("switch", "-q", "main")
    subprocess.run(["git", "branch", "-qD", "proposal/issue-7"], cwd=machine.clone, check=False)
    machine.git("checkout", "-q", "--", ".")
    machine.git("clean", "-qfd", "seminars")
    shutil.rmtree(machine.clone / "proposal", ignore_errors=True)
    machine.run("propose.yml", "read")
    machine.git("reset", "-q", "--hard")  # another machine goes on, with a checkout of its own
    machine.git("clean", "-qfd", "seminars")
    return machine.run(
        "propose.yml",
        "answer",
        github__token="a-token",
        github__event__issue__number="7",
        github__event__repository__default_branch="main",
    )


def test_a_form_becomes_a_pull_request_once(machine: Machine, site) -> None:
    machine.event(body(ANSWERED))
    assert answered(machine) == "Opened: #100\n"
    told = machine.git("diff", "--name-only", "main", "proposal/issue-7").split("\n")
    assert told == ["seminars/ai-prisec/on-doubt.yaml", "seminars/people.yaml"]
    assert machine.git("ls-remote", "origin", "proposal/issue-7")
    assert site.pulls[0]["body"].startswith("Closes #7")
    assert "On doubt" in site.pulls[0]["body"]
    machine.event(body(ANSWERED | {"title": "On certainty"}))
    assert answered(machine) == "Updated: #100\n"
    assert "On certainty" in site.pulls[0]["body"]
    assert len(site.pulls) == 1
    assert site.comments == []


def test_what_is_wrong_with_a_form_comes_back_as_a_comment(machine: Machine, site) -> None:
    machine.event(body(ANSWERED | {"date": "3/4/2030"}))
    assert answered(machine) == "Posted: #7\n"
    assert "3/4/2030 may be 3 April or 4 March" in site.comments[0]["body"]
    machine.event(body(ANSWERED | {"date": "soon"}))
    assert answered(machine) == "Updated: #7\n"
    assert (len(site.comments), site.pulls) == (1, [])


@pytest.mark.parametrize(
    "evil",
    [
        "$(touch owned) `touch owned` ; touch owned\n'\"\nEOF\nPYTHON\n",
        "### Title · 题目\n\n../../.github/workflows/x\n\n### Series · 系列\n\n../.github\n",
        "a" * 1_000_000,
        "",
        "\ud800",
    ],
    ids=["shell", "paths", "megabyte", "nothing", "half a character"],
)
def test_a_hostile_form_is_answered_and_runs_nothing(machine: Machine, site, evil: str) -> None:
    machine.event(evil)
    before = {path for path in machine.folder.rglob("*") if ".git" not in str(path)}
    assert answered(machine) == "Posted: #7\n"
    new = {path for path in machine.folder.rglob("*") if ".git" not in str(path)} - before
    assert {path.relative_to(machine.clone).parts[0] for path in new} == {"proposal"}
    assert site.pulls == []
    assert len(site.comments[0]["body"]) < 65_000
