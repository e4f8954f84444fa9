"""A second build waits until the first is over."""

import subprocess
import sys
import time
from pathlib import Path

from rostra.sitegen.turn import Turn

OTHER = """
from pathlib import Path
import sys
from rostra.sitegen.turn import Turn
print("waits", flush=True)
Turn(Path(sys.argv[1]))
print(Path(sys.argv[2]).read_text(), flush=True)
"""


def test_another_process_begins_when_the_turn_is_over(tmp_path: Path) -> None:
    lock, said = tmp_path / "new/turn.lock", tmp_path / "said"
    turn = Turn(lock)
    said.write_text("under way")
    command = [sys.executable, "-c", OTHER, str(lock), str(said)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "waits\n"
        time.sleep(0.3)  # in which it would have read, did it not wait
        said.write_text("done")
        turn.over()
        assert other.stdout.readline() == "done\n"


def test_one_process_never_waits_for_itself(tmp_path: Path) -> None:
    first = Turn(tmp_path / "turn.lock")
    Turn(tmp_path / "turn.lock").over()
    first.over()
