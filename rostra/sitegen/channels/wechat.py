"""A message for a WeChat group: short lines, no markup, every address on a line of its own."""

import re

from rostra.sitegen.channels._base import Announcement


def wechat(announcement: Announcement) -> str:
    """Write the announcement as a group message."""
    text = announcement.text("_wechat.txt.j2").strip()
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"
