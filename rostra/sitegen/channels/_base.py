"""What every channel is given: the talk, in a language, and the text of a template about it."""

from dataclasses import dataclass

from rostra.sitegen.environment import environment_of, names_in
from rostra.sitegen.privacy import secret
from rostra.sitegen.programme import Programme
from rostra.sitegen.talk import Talk


@dataclass(frozen=True)
class Announcement:
    """A talk to be announced in a language; `join` is its secret way in, where that is known."""

    talk: Talk
    programme: Programme
    language: str
    join: str | None

    def text(self, template: str) -> str:
        """Fill a template of `templates/`."""
        names = names_in(self.language, {}) | {"talk": self.talk, "join": self.join}
        return environment_of(self.programme).get_template(template).render(names)


def announcement(
    talk: Talk, programme: Programme, language: str, *, secrets: bool = True
) -> Announcement:
    """Gather what channels need; the secret is looked up here and nowhere else.

    Nobody is called to a talk that does not take place: its way in is not even looked up.
    """
    asked = talk.way_in if talk.held else None
    join = None
    if asked:
        join = secret(asked.name, programme.folder) if secrets else f"!secret {asked.name}"
    return Announcement(talk, programme, language, join)
