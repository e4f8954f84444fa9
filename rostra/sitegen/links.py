"""Links from the site's root made relative to the page that they stand on."""

import re

ATTRIBUTE = re.compile(r'(?<=[\s"])(href|src)="/(?!/)([^"]*)"')


def relative(target: str, here: str) -> str:
    """Return an address from the root as one that is relative to a page.

    Examples:
        >>> relative("talks/#past", "people/"), relative("", "zh/talks/"), relative("a.ics", "")
        ('../talks/#past', '../../', 'a.ics')
    """
    path = target.partition("#")[0].partition("?")[0]
    start, goal = here.split("/")[:-1], path.split("/")
    same = 0
    while same < min(len(start), len(goal) - 1) and start[same] == goal[same]:
        same += 1
    return ("/".join([".."] * (len(start) - same) + goal[same:]) or "./") + target[len(path) :]


def relative_links(html: str, here: str) -> str:
    """Rewrite the links that begin at the root, so that the site works in any folder.

    Examples:
        >>> relative_links('<a href="/talks/">', "zh/")
        '<a href="../talks/">'
    """
    folder, up = here.partition("/")[:2], "../" * here.count("/")

    def rewritten(found: re.Match[str]) -> str:
        name, target = found.groups()
        near = not up or target.startswith("".join(folder))
        return f'{name}="{relative(target, here) if near else up + target}"'

    return ATTRIBUTE.sub(rewritten, html)
