"""A folder of entries that say what is hostile, and allowed, wherever an entry says anything."""

from pathlib import Path

from tests.rostra.sitegen.conftest import ENTRIES
from tests.rostra.sitegen.hostile._entries import TEXTS, quoted, talk
from tests.rostra.sitegen.hostile._files import CAPTIONS


def plant(folder: Path) -> Path:
    """Write the texts that are not refused: in talks, people, series, site and captions."""
    texts = [text for text, rule in TEXTS.values() if not rule]
    # The longest stand in talks only: a file has a longest size.
    short = {at: text if len(text) < 5_000 else "W" for at, text in enumerate(texts)}
    people = "".join(f"p{at}: {person(text)}\n" for at, text in short.items())
    ways = [{"name": text, "about": text} for text in texts[:20]]
    series = {"name": texts[0], "about": texts[1], "cadence": texts[2], "organisers": ["wang"]}
    series |= {"parallel": True, "ways": ways, "place": texts[3]}
    files = {
        **ENTRIES,
        "site.yaml": ENTRIES["site.yaml"] + f"about: {quoted(texts[0])}\n",
        "people.yaml": ENTRIES["people.yaml"] + people,
        "series.yaml": "weekly: " + quoted(series) + "\n",
    }
    for at, text in enumerate(texts):
        files[f"weekly/h{at}.yaml"] = talk(text, at).replace("[wang]", f"[p{at}]")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for at, (vtt, rule) in enumerate(CAPTIONS.values()):
        if not rule:
            (folder / f"weekly/h{at}.en.vtt").write_bytes(vtt)
    return folder


def person(text: str) -> str:
    """Somebody who says it in every field."""
    return quoted({"name": text, "title": text, "affiliation": text, "bio": text})
