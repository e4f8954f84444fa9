"""Post a Markdown file as the one comment of ours: the next time it is updated, not repeated.

The pull request is that of $HEAD_OWNER, $HEAD_BRANCH and $HEAD_SHA, which GitHub names, or the
`--number` of an issue. Nothing that an artifact says decides where a comment goes.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import github

MARK = "<!-- rostra -->"
US = "github-actions[bot]"


def main() -> None:
    """Post the file, and say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--number", type=int)
    asked = parser.parse_args()
    number = asked.number or pull_request()
    if number is None:
        sys.stdout.write("The pull request has moved on, or is closed: nothing is posted.\n")
        return
    if asked.file.is_symlink():  # it would be read with our rights, and be posted
        sys.exit(f"{asked.file} is a link to another file: nothing is posted.")
    text = asked.file.read_text(encoding="utf-8", errors="replace")
    body = {"body": f"{MARK}\n{github.shortened(heading() + text)}"}
    ours = next((one["id"] for one in comments(number) if is_ours(one)), None)
    if ours is None:
        github.call("POST", f"issues/{number}/comments", body)
    else:
        github.call("PATCH", f"issues/comments/{ours}", body)
    sys.stdout.write(f"{'Posted' if ours is None else 'Updated'}: #{number}\n")


def heading() -> str:
    """Say of a preview whose words it is, and where its pages are."""
    pages = os.environ.get("PAGES", "")
    told = "This text was made by the code of the pull request, not by its reviewers."
    return f"{told} Pages to open: [artifacts]({pages}#artifacts).\n\n" if pages else ""


def pull_request() -> int | None:
    """The open pull request whose newest commit the preview was made of."""
    head = f"{os.environ['HEAD_OWNER']}:{os.environ['HEAD_BRANCH']}"
    found = github.call("GET", "pulls", state="open", head=head, per_page="100")
    return next(
        (one["number"] for one in found if one["head"]["sha"] == os.environ["HEAD_SHA"]), None
    )


def comments(number: int) -> Iterator[dict[str, Any]]:
    """All comments, page by page."""
    for page in range(1, 31):
        found = github.call("GET", f"issues/{number}/comments", per_page="100", page=str(page))
        yield from found
        if len(found) < 100:
            return


def is_ours(comment: dict[str, Any]) -> bool:
    """Whether the workflow wrote it: anybody can write the mark."""
    return comment["user"]["login"] == US and comment["body"].startswith(MARK)


if __name__ == "__main__":
    main()
