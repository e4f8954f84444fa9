"""News: short lines with a date, the newest first, in `seminars/news.yaml`."""

from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, TypeAdapter

from rostra.sitegen.fields import Address, Date, Named, Text
from rostra.sitegen.fields import Page as PagePath

_PAGE: TypeAdapter[str] = TypeAdapter(PagePath)


def _link(text: str) -> str:
    return (Address if urlsplit(text).scheme else _PAGE).validate_python(text)


Link: TypeAlias = Annotated[str, AfterValidator(_link)]


class News(Named):
    """One line of `news.yaml`."""

    date: Date
    text: Text
    link: Annotated[Link | None, Field(description="An address, or a page of this site.")] = None

    def address(self, root: str, prefix: str) -> str:
        """Where it leads: a page of this site in a language (`zh/`), a file, or elsewhere."""
        if self.link is None or urlsplit(self.link).scheme:
            return self.link or ""
        is_file = "." in self.link.rpartition("/")[2]
        return root.rstrip("/") + "/" + ("" if is_file else prefix) + self.link
