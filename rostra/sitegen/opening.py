"""Openings: positions that a group has to fill, one file each in `seminars/openings/`."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from rostra.sitegen.fields import Date, Named, Text, Url, Zone, refuse
from rostra.sitegen.messages import say


class Opening(Named):
    """One position: `openings/<slug>.yaml`. It closes by itself when its deadline has passed."""

    title: Text
    about: Text
    zone: Zone = Field(default=None, validate_default=True)
    posted: Date
    deadline: Annotated[Date | None, Field(description="The last day; none: until filled.")] = None
    place: Text | None = None
    link: Annotated[Url | None, Field(description="Where one reads more and applies.")] = None
    status: Literal["open", "filled"] = "open"

    def model_post_init(self, context: Any) -> None:
        """Refuse a deadline before the day it was posted."""
        super().model_post_init(context)
        if self.deadline and self.deadline < self.posted:
            message = say("the deadline is before the day it was posted, {day}", day=self.posted)
            refuse("deadline", message, at="deadline")

    @property
    def ref(self) -> str:
        """What it is called on the command line: `openings/slug`."""
        return f"openings/{self.id}"

    def closes(self) -> datetime | None:
        """The instant at which its last day ends by the clock of its zone."""
        if self.deadline is None:
            return None
        return datetime.combine(self.deadline + timedelta(days=1), time(), self.zone)

    def is_open(self, now: datetime) -> bool:
        """Whether one can still apply."""
        closes = self.closes()
        return self.status == "open" and (closes is None or now < closes)
