"""Facts about an event that follow from its entry alone, as a ledger keeps them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from rostra.sitegen.fields import LANGUAGES, in_language
from rostra.sitegen.notices import Occasion, calendars_of, notice, recurrence


class Facts:
    """What follows from an entry alone, found out whenever somebody asks."""

    def calendars(self, event: Occasion) -> tuple[str, ...]:
        """The calendars that it belongs to, sorted."""
        return tuple(sorted(calendars_of(event)))

    def digests(self, event: Occasion) -> tuple[str, ...]:
        """Hash what subscribers schedule by, and all that is said of an event."""
        return digest_of(_schedule(event)), digest_of(_words(event))


def _schedule(event: Occasion) -> dict[str, Any]:
    """What subscribers schedule by."""
    return {
        "start": event.instant.isoformat(),
        "end": event.end.astimezone(UTC).isoformat(),
        "zone": event.zone.key,
        "status": event.status,
        "venue": [in_language(event.venue or "", language) for language in LANGUAGES],
        "mode": event.mode,
        "recurrence": recurrence(event),
    }


def _words(event: Occasion) -> dict[str, Any]:
    """All that is said of it, and where on the site it is read; the record knows the site."""
    said: dict[str, Any] = {language: notice(event, language) for language in LANGUAGES}
    return {"ref": event.ref, **said}


def digest_of(facts: Mapping[str, Any]) -> str:
    """Hash facts, in whatever order they are told."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=vars)
    return hashlib.sha256(text.encode()).hexdigest()
