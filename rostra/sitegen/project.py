"""Projects: what a group works on for a while, under their keys in `seminars/projects.yaml`."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from rostra.sitegen.fields import Date, Named, Text, refuse
from rostra.sitegen.messages import say
from rostra.sitegen.person import People
from rostra.sitegen.series import PublicationKey, ThemeKey, Way


class Project(Named):
    """One project of `projects.yaml`."""

    title: Text
    summary: Text
    people: People = ()
    themes: tuple[ThemeKey, ...] = ()
    publications: tuple[PublicationKey, ...] = ()
    links: tuple[Way, ...] = ()
    since: Annotated[Date | None, Field(description="Its first day.")] = None
    until: Annotated[Date | None, Field(description="Its last day; none: it goes on.")] = None

    def model_post_init(self, context: Any) -> None:
        """Refuse an end before the beginning."""
        super().model_post_init(context)
        if self.since and self.until and self.until < self.since:
            message = say("it ends before it begins, on {day}", day=self.since)
            refuse("until", message, at="until")

    def goes_on(self, today: date) -> bool:
        """Whether its last day is not over."""
        return self.until is None or today <= self.until
