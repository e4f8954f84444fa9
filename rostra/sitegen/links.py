"""Links from the site's root made relative to the page that they stand on."""

ROOTED = '="/'
NAMES = tuple(before + name for before in ' \n\t"' for name in ("href", "src"))


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
    folder, up = "".join(here.partition("/")[:2]), "../" * here.count("/")
    first, *rest = html.split(ROOTED)
    written = [first]
    before = first
    for part in rest:
        if before.endswith(NAMES) and not part.startswith("/"):
            target, quote, after = part.partition('"')
            near = not up or target.startswith(folder)
            written += ('="', relative(target, here) if near else up + target, quote, after)
        else:
            written += (ROOTED, part)
        before = part
    return "".join(written)
