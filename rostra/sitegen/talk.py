"""Talks: one YAML file each; everything that is published about a talk follows from it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    PlainValidator,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
)

from rostra.sitegen.bundles import of_talk
from rostra.sitegen.captions import Captions
from rostra.sitegen.event import TITLE_TO_COME, Event, ToCome
from rostra.sitegen.faults import nearest
from rostra.sitegen.fields import (
    Entry,
    Page,
    Settings,
    Start,
    Text,
    in_language,
    refuse,
)
from rostra.sitegen.messages import say
from rostra.sitegen.person import People
from rostra.sitegen.prose import to_plain

# Until a ledger of releases says when an entry was last revised, it counts as revised this long
# before it starts: a date that comes from the content, so that two builds are equal.
ANNOUNCED_BEFORE = timedelta(days=14)
ROLES = ("speakers", "panellists", "discussants", "chairs")

Status = Literal[
    "draft", "tentative", "confirmed", "moved", "postponed", "cancelled"
]  # in the order of a talk's life


def _demo(value: object, info: ValidationInfo) -> str:
    known = getattr(info.context, "demos", None)
    if not isinstance(value, str) or (known is not None and value not in known):
        hint = nearest(str(value), known or ())
        refuse("unknown-demo", say("there is no demos/{name}.py", name=value), suggestion=hint)
    return value


class Demo(Entry):
    """A demo of ours that shows what the talk is about, and the settings it opens with."""

    name: Annotated[str, PlainValidator(_demo), WithJsonSchema({"type": "string"})]
    settings: Settings = Field(default_factory=dict)


class Talk(Event):
    """One talk: `<series>/<slug>.yaml`."""

    speakers: Annotated[People, Field(description="None: to be announced.")] = ()
    chairs: People = ()
    panellists: People = ()
    discussants: People = ()
    abstract: ToCome = None
    bio: Annotated[Text | None, Field(description="Instead of the speaker's own bio.")] = None
    topics: tuple[Text, ...] = ()
    status: Status = "confirmed"
    moved_from: Annotated[
        Start | None, Field(description="The start that was announced before it was moved.")
    ] = None
    embargo: Annotated[
        Start | None, Field(description="Until then nobody reads what is `!secret` in it.")
    ] = None
    do_not_record: bool | None = None
    poster: Annotated[
        Page | None, Field(description="A picture below docs/ that stands for the recording.")
    ] = None
    demo: Demo | None = None

    _captions: tuple[Captions, ...] = PrivateAttr(())
    _withheld: frozenset[str] = PrivateAttr(frozenset())

    def model_post_init(self, context: Any) -> None:
        """Take what the setting knows; what contradicts itself is refused."""
        super().model_post_init(context)
        self._withheld = getattr(context, "withheld", frozenset())
        if self.status == "moved" and self.moved_from is None:
            hint = say("add `moved_from:` with the start that was announced before")
            message = say("it was moved, and nobody knows from when")
            refuse("moved", message, at="status", suggestion=hint)
        if self.moved_from == self.start:
            refuse("moved", say("it was moved to the time that it had"), at="moved_from")
        series = getattr(context, "series", None)
        if self.links.recording and (self.do_not_record or (series and self.unrecorded)):
            message = say("a recording of a talk that must not be recorded")
            if self.do_not_record:
                refuse("do-not-record", message, at="do_not_record")
            hint = say("`do_not_record: false` if this one may be, against its series")
            refuse("do-not-record", message, at="links", suggestion=hint)

    @property
    def bundle(self) -> str:
        """What the files that are about it are kept under: where its pages lie."""
        return of_talk(self.ref)

    @property
    def held(self) -> bool:
        """Whether it takes place at the time it states, as far as anybody knows."""
        return self.status in ("confirmed", "tentative", "moved")

    @property
    def called_off(self) -> bool:
        """Whether it does not take place at the time it states."""
        return self.status in ("postponed", "cancelled")

    @property
    def unrecorded(self) -> bool:
        """Whether nobody may record it: it says so, or its series does."""
        stated = self.do_not_record
        return self.series.do_not_record if stated is None else stated

    @property
    def to_come(self) -> frozenset[str]:
        """What is to be announced: of title, abstract and speakers."""
        open_title = {"title"} if self.title == TITLE_TO_COME else set()
        missing = {key for key in ("abstract", "speakers") if not getattr(self, key)}
        return frozenset(open_title | missing)

    @property
    def withheld(self) -> frozenset[str]:
        """What is known but under embargo as of this reading."""
        return self._withheld

    @property
    def captions(self) -> tuple[Captions, ...]:
        """The words of the recording, one for each WebVTT file beside the entry."""
        return self._captions

    def caption(self, captions: Captions) -> None:
        """Add the words of the recording in a language: they are found beside the entry."""
        self._captions = (*self._captions, captions)

    @property
    def roles(self) -> Mapping[str, People]:
        """Who does what: those of each role that anybody has; chairs come from the series too."""
        found = {role: getattr(self, role) for role in ROLES}
        found["chairs"] = self.chairs or self.series.chairs
        return {role: people for role, people in found.items() if people}


# What became of a talk stands before its title, wherever only the title may be read.
_BECAME = {
    ("draft", "en"): "Draft: ",
    ("draft", "zh"): "【草稿】",
    ("cancelled", "en"): "Cancelled: ",
    ("cancelled", "zh"): "【取消】",
    ("postponed", "en"): "Postponed: ",
    ("postponed", "zh"): "【延期】",
    ("tentative", "en"): "Tentative: ",
    ("tentative", "zh"): "【暂定】",
}


def titled(talk: Talk, language: str) -> str:
    """Write a talk's title as plain text, with what became of the talk where it may not be held."""
    return _BECAME.get((talk.status, language), "") + to_plain(in_language(talk.title, language))
