"""Open the pull request of a proposed talk, once; a form that is edited updates what it says."""

import os
import sys
from pathlib import Path

import github


def main() -> None:
    """Open or update it, and say which."""
    file, branch = sys.argv[1:]
    number, owner = os.environ["NUMBER"], os.environ["GITHUB_REPOSITORY"].split("/")[0]
    text = github.shortened(Path(file).read_text(encoding="utf-8"))
    body = f"Closes #{number}, where this talk was proposed.\n\n{text}"
    known = github.call("GET", "pulls", state="open", head=f"{owner}:{branch}")
    if known:
        github.call("PATCH", f"pulls/{known[0]['number']}", {"body": body})
        sys.stdout.write(f"Updated: #{known[0]['number']}\n")
        return
    title = f"A talk proposed in #{number}"
    opened = github.call(
        "POST", "pulls", {"title": title, "body": body, "head": branch, "base": os.environ["BASE"]}
    )
    sys.stdout.write(f"Opened: #{opened['number']}\n")


if __name__ == "__main__":
    main()
