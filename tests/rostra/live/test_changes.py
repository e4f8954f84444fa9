"""Open pages hear what they missed, this machine's alone, and not without end."""

import asyncio
import json
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from rostra.live import changes as module
from rostra.live.changes import AT, LISTENERS, Changes
from rostra.live.rebuilding import Built
from rostra.live.server import create_app

FAULT = {"en": "wrong", "zh": "有误"}


def heard(changes: Changes, number: int, count: int = 1) -> list[Any]:
    async def listen() -> list[Any]:
        stream = changes._stream(number)
        told = [await anext(stream) for _ in range(count)]
        await stream.aclose()
        return told

    lines = asyncio.run(listen())
    assert not changes.listeners
    return [json.loads(line.removeprefix("data:")) for line in lines]


def test_a_page_hears_what_it_missed_and_nothing_else() -> None:
    changes = Changes()
    changes.tell(Built("site", 1.0, ("a.html",)))
    changes.tell(Built("site", 1.0, ("b.html",)))
    assert heard(changes, 0) == [{"number": 2, "changed": ["a.html", "b.html"], "faults": []}]
    assert heard(changes, 1)[0]["changed"] == ["b.html"]
    assert heard(changes, 2)[0]["changed"] == []


def test_faults_last_until_the_next_whole_site() -> None:
    changes = Changes()
    changes.tell(Built("site", 0.1, faults=(FAULT,)))
    assert heard(changes, 0)[0]["faults"] == [FAULT]
    changes.tell(Built("page", 0.1, ("a.html",)))
    assert heard(changes, 0)[0]["faults"] == [FAULT]
    changes.tell(Built("site", 0.1))
    assert heard(changes, 0)[0]["faults"] == []


def test_only_this_machine_may_listen_and_only_so_many(tmp_path: Path) -> None:
    changes = Changes()
    app = create_app(tmp_path, None, changes=changes)
    with TestClient(app, client=("192.0.2.7", 1)) as far:
        assert far.get(f"{AT}/changes").status_code == 404
        assert far.get(f"{AT}/changes.js").status_code == 404
    with TestClient(app, client=("127.0.0.1", 1)) as near:
        assert "EventSource" in near.get(f"{AT}/changes.js").text
        assert near.get(f"{AT}/else").status_code == 404
        assert near.post(f"{AT}/changes").status_code == 404
        changes.listeners |= {asyncio.Event() for _ in range(LISTENERS)}
        assert near.get(f"{AT}/changes").status_code == 503


def test_a_number_that_is_none_is_the_first() -> None:
    for query, number in {b"since=7": 7, b"since=x": 0, b"": 0, b"since=99999999999": 0}.items():
        assert module._number({"query_string": query}) == number


def test_a_closed_stream_ends() -> None:
    changes = Changes()

    async def listen() -> list[str]:
        stream = changes._stream(0)
        first = await anext(stream)
        changes.close()
        return [first, *[line async for line in stream]]

    assert len(asyncio.run(asyncio.wait_for(listen(), 5))) == 1
