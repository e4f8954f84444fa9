# ruff: noqa: E501 - a table is read by its rows
"""What entries may try, by what they try: a text, a path, a file, a tree; and what comes of it.

The answer is the rule that refuses it, or nothing: then pages are built of it, and it is text.
"""

import json
import re

BUILT = ""
SCRIPT = "window.told=1;alert(1)"
XML = "http://www.w3.org/1998/Math/MathML"
HTML = "http://www.w3.org/1999/xhtml"

# --- texts: each stands in title, abstract, bio, place and topics of a talk --------------------

_TAGS = (
    *(f"<script>{SCRIPT}</script>", f"<SCRIPT >{SCRIPT}</SCRIPT >", "<script src=//evil.example>"),
    *(f"<scr<script>ipt>{SCRIPT}</script>", f"<script/x>{SCRIPT}</script>", f"<script\n>{SCRIPT}"),
    *("<style>*{display:none}</style>", "<style>@import '//evil.example/a.css'</style>"),
    *("<link rel=stylesheet href=//evil.example/a.css>", "<base href=//evil.example/>"),
    *('<meta http-equiv=refresh content="0;url=//evil.example">', "<iframe src=//evil.example>"),
    *(f'<iframe srcdoc="<script>{SCRIPT}</script>">', "<object data=//evil.example/a.swf>"),
    *("<embed src=//evil.example/a.swf>", "<applet code=evil>", "<frameset onload=alert(1)>"),
    *("<form action=//evil.example><input name=a><button>Go</button></form>", "<input autofocus>"),
    *(f"<img src=x onerror={SCRIPT}>", f"<img/src=x/onerror={SCRIPT}>", "<img src=//evil.example>"),
    *(f"<svg onload={SCRIPT}>", f"<svg><script>{SCRIPT}</script></svg>", "<svg><a xlink:href=x>"),
    *(f"<svg><animate onbegin={SCRIPT} attributeName=x>", "<svg><use href=//evil.example/#x>"),
    *(f"<math><maction actiontype=statusline xlink:href=javascript:{SCRIPT}>x", "<math><mtext>"),
    f"<math><mtext><table><mglyph><style><img src=x onerror={SCRIPT}>",
    *(f"<body onload={SCRIPT}>", f"<details open ontoggle={SCRIPT}>", f"<video onerror={SCRIPT}>"),
    *(f"<audio src=x onerror={SCRIPT}>", f"<marquee onstart={SCRIPT}>", "<plaintext>", "<xmp>"),
    *(f"<a href=javascript:{SCRIPT}>x</a>", f"<a onmouseover={SCRIPT}>x</a>", "<textarea>"),
    *(f'"><script>{SCRIPT}</script>', f"'><script>{SCRIPT}</script>", f'" onload="{SCRIPT}'),
    *(f"' onmouseover='{SCRIPT}", "</title><script>alert(1)</script>", "</head><body onload=x>"),
    *(f"</pre></code><script>{SCRIPT}</script>", f"</textarea><script>{SCRIPT}</script>"),
    *("</noscript><img src=x onerror=alert(1)>", "</span></h1></div></main>", "<div hidden>"),
    *("<template><script>alert(1)</script></template>", f"<x onclick={SCRIPT} style=all:unset>"),
    *("<!-- comment -->", f"<!--><script>{SCRIPT}</script>-->", "<!--[if IE]><script>x</script>"),
    *(
        "<![CDATA[<script>alert(1)</script>]]>",
        "]]>",
        "]]&gt;",
        "<?php system('id') ?>",
        "<?xml ?>",
    ),
    *('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;', "<!ENTITY % x 'y'>", "<%= x %>"),
)
_ENTITIES = (
    *("&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;"),
    *(
        "&#x3c;script&#x3e;alert(1)",
        "&LT;script&GT;",
        "&amp;lt;script&amp;gt;",
        "&bogus; &#0; &#x;",
    ),
    *("&#55296; &#1114112;", "&#8238;evil", "&NewLine;&Tab;&colon;", "\\<script\\>alert(1)"),
)
_LINKS = (
    *(f"[x](javascript:{SCRIPT})", f"[x](JaVaScRiPt:{SCRIPT})", f"[x](  javascript:{SCRIPT})"),
    *(f"[x](&#106;avascript:{SCRIPT})", f"[x](javascript&colon;{SCRIPT})", "[x](java\tscript:x)"),
    *("[x](java%0ascript:alert(1))", "[x](vbscript:msgbox(1))", "[x](data:text/html,<script>x)"),
    *("[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](file:///etc/passwd)", "[x](blob:x)"),
    *(
        "[x][r]\n\n[r]: javascript:alert(1)",
        '[r]: javascript:x "a"\n\n[r]',
        "<javascript:alert(1)>",
    ),
    *("<data:text/html,x>", "<vbscript:x>", '[x](https://a.example "\\" onmouseover=\\"x")'),
    *('[x](https://a.example/"onmouseover=x)', "[x](<https://a.example/<script>>)", "[x](//b.c)"),
    *("[![x](javascript:x)](javascript:y)", "[a](b(c(d(e)", "[" * 3000, "](" * 2000, "[x](\\x00)"),
    *("![x](javascript:alert(1))", "![x](data:image/svg+xml,<svg/onload=x>)", "![](x.png)"),
    *("![x](https://evil.example/pixel.gif)", "![x](//evil.example/p.png)", "![x](../../p.png)"),
    *('![x" onerror="alert(1)](assets/x.png)', "![x](assets/x.png 't\" onload=\"y')", "![<b>](a)"),
    *("![x](/\\evil.example/p.png)", "![x](..%2f..%2fp.png)", "![x](file:///etc/passwd)"),
)
_TEMPLATES = (
    *("{{ 7*7 }}", "{{ config }}", "{% for x in y %}", "{# x #}", "{%raw%}", "{{''.__class__}}"),
    *(
        "{{ lang }} {{ words.talks }}",
        "{% include '/etc/passwd' %}",
        "{% raw %}{{ x }}{% endraw %}",
    ),
    *("${7*7}", "#{7*7}", "<%= 7*7 %>", "[= clean('m') =]", "{{{{ x }}}}", "%{x}", "{}{0}{x!r}"),
    *("{{ macros_info() }}", "{: onclick=alert(1) }", "{#id .class onclick=x}", "::: robustlib"),
    *("--8<-- '/etc/passwd'", "!include /etc/passwd", "\\input{/etc/passwd}", "[TOC]", "@import x"),
)
_CALENDAR = (
    *("x\nEND:VEVENT\nBEGIN:VEVENT", "x\\nATTACH:file:///etc/passwd", "x;VALUE=URI:evil"),
    *("=cmd|'/c calc'!A1", "@SUM(1)", "+1+1", "x\nX-EVIL:1", "\\", "\\\\n", '{"@type":"x"}'),
    *(
        "</script><script>alert(1)</script>",
        "\\u003cscript\\u003e",
        '","x":"y',
        "}}}}",
        "<!--<script>",
    ),
)
_SHAPES = (
    "#" * 9_999 + " x",
    *(
        "|" + "a|" * 10_000 + "\n|" + "-|" * 10_000,
        "a@" * 5_000,
        "1." * 5_000,
        "\\" * 9_999,
        "&" * 9_999,
    ),
    *("x" * 40_000, "信" * 20_000, "\U0001f4a9" * 5_000, "\U000e0041\U000e0042", "e\u0301\u0323"),
    *("\u200f\u05e9\u05dc\u05d5\u05dd", "\u00ad" * 99, "\ue000" + "0\ue001", "\ue0000\ue001 $x$"),
)
_MATHS = (
    *("$<$", r"$\unicode{x3c}$", r"$\text{&lt;script&gt;}$", r"$\operatorname{<script>}$"),
    *(
        r'$\hspace{1px" onclick="x}$',
        r"$\mathbb{<img src=x onerror=1>}$",
        "$x$ <script>",
        "$\\text{}$",
    ),
)
_REFUSED_MATHS = (
    *(r"$\href{javascript:alert(1)}{x}$", r"$\class{x}{y}$", r"$\style{color:red}{x}$"),
    *(
        r"$\color{red}{x}$",
        rf"$\text{{<!--><script>{SCRIPT}</script>-->}}$",
        "$" + "{" * 3000 + "x$",
    ),
    *(r"$\text{<![CDATA[<script>]]>}$", r"$\text{<?x <script>?>}$", r"$\text{<script>x</script>}$"),
    *(rf'$\text{{<x:mi xmlns:x="{XML}"/>}}$', rf'$\text{{<mi xmlns="{HTML}"/>}}$', r"$\input{a}$"),
    *(r"$\text{<mi onclick='x'/>}$", r"$\text{<a href='javascript:x'>y</a>}$", r"$\def\x{\x}\x$"),
    *(
        "$" + r"\sqrt{" * 900 + "x" + "}" * 900 + "$",
        "$x & y$",
        r"$\require{html}$",
        r"$\write18{id}$",
    ),
)
_REFUSED: dict[str, tuple[str, ...]] = {
    "formula": _REFUSED_MATHS,
    "bidi": tuple(
        f"on {chr(code)}tsurt" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
    ),
    "character": (
        *(
            "a\r\nb",
            "a\u0000b",
            "a\u0007b",
            "a\u001bb",
            "a\u007fb",
            "a\u0085b",
            "a\u200bb",
            "a\u2028b",
        ),
        *(
            "a\u2060b",
            "a\ufeffb",
            "a\ufffeb",
            "a\uffffb",
            "a\ud800b",
            "Z" + "\u0351\u036b\u0343" * 30,
        ),
    ),
    "size": ("x" * 50_001,),
    "empty": (
        *("", " ", "\n\t ", "\u00a0", "\u3000"),
        *("> " * 10_000 + "x", "- " * 10_000 + "x", "*" * 10_000, "`" * 9_999),  # markup alone
    ),
    "private": ("ann@uni.example", "https://zoom.us/j/1?pwd=2", "密码：4711", "password=tulip-7"),
}
TEXTS: dict[str, tuple[str, str]] = {
    f"{kind} {number}": (text, rule)
    for kind, texts, rule in (
        *(("tag", _TAGS, BUILT), ("entity", _ENTITIES, BUILT), ("link", _LINKS, BUILT)),
        *(("template", _TEMPLATES, BUILT), ("calendar", _CALENDAR, BUILT)),
        *(("shape", _SHAPES, BUILT), ("formula", _MATHS, BUILT)),
        *((f"refused {rule}", texts, rule) for rule, texts in _REFUSED.items()),
    )
    for number, text in enumerate(texts)
}


def quoted(value: object) -> str:
    """As YAML, with escapes; JSON's for characters beyond 16 bits are none there."""
    pair = re.compile(r"\\ud[89ab]..\\ud[c-f]..")
    return pair.sub(lambda match: json.loads(f'"{match[0]}"'), json.dumps(value))


def talk(text: str, day: int) -> str:
    """A talk that says it wherever a talk says anything."""
    said = quoted(text)
    return (
        f"title: {said}\nstart: {2000 + day // 300}-{day % 300 // 25 + 1:02}-{day % 25 + 1:02} 10:00\n"
        f"speakers: [wang]\nabstract:\n  en: {said}\n  zh: {said}\nbio: {said}\nplace: {said}\n"
        f"topics: [{said}]\n"
    )


SAID_ON = frozenset({1, 5, 6, 7, 8, 9})  # the lines of such a talk that say it

# --- one line more in a talk, people.yaml, series.yaml or site.yaml ---------------------------

TALK = "title: x\nstart: 2024-05-05 10:00\n"
_PERSON = "wang:\n  name: W\n"
_CLIMBING = (
    "../../x.png",
    "a/../../x",
    "..",
    "a\\..\\x",
    "/etc/passwd",
    "file:x",
    "http://a.b",
)
_NO_ADDRESS = (
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "file:///etc/passwd",
        "ftp://a.b",
    ),
    *("https://", "https:///x", "https://a.example/a b", "vbscript:x", "blob:https://a.example/x"),
)
LINES: dict[str, tuple[str, str, str]] = {
    **{f"photo {one}": ("people.yaml", f"{_PERSON}  alt: W\n  photo: ⟦'{one}'\n", "path") for one in _CLIMBING},
    **{f"homepage {one}": ("people.yaml", f"{_PERSON}  homepage: ⟦'{one}'\n", "url") for one in _NO_ADDRESS},
    **{f"slides {one}": ("weekly/x.yaml", f"{TALK}links: {{slides: ⟦'{one}'}}\n", "url") for one in _NO_ADDRESS},
    **{
        f"formerly {one}": ("weekly/x.yaml", f"{TALK}formerly: [⟦'{one}']\n", "slug")
        for one in ("../x", "a/../b", "/etc/passwd", "a/b/c", "a\\b", "A/B", "a/b.html", ".git/config")
    },
    **{
        f"demo {one}": ("weekly/x.yaml", f"{TALK}demo: {{name: ⟦'{one}'}}\n", "unknown-demo")
        for one in ("../x", "/etc/passwd", "x.py", "__init__")
    },
    "key of a person": ("people.yaml", f"{_PERSON}⟦../x:\n  name: X\n", "slug"),
    "markup as a key": ("people.yaml", f"{_PERSON}⟦<script>:\n  name: X\n", "slug"),
    "key of a series": ("series.yaml", "weekly:\n  name: W\n⟦../x:\n  name: X\n", "slug"),
    **{
        f"series {one}": ("series.yaml", f"weekly:\n  name: W\n⟦{one}:\n  name: X\n", "slug")
        for one in ("all", "openings", "'2024'", "con", "nul", "lpt1")
    },
    "unknown markup": ("weekly/x.yaml", f"{TALK}⟦<script>: x\n", "unknown-key"),
    "a model's method": ("weekly/x.yaml", f"{TALK}⟦model_post_init: x\n", "unknown-key"),
    "a private name": ("weekly/x.yaml", f"{TALK}⟦_key: x\n", "unknown-key"),
    "a dunder": ("weekly/x.yaml", f"{TALK}⟦__class__: x\n", "unknown-key"),
    "name of a secret": ("weekly/x.yaml", f"{TALK}join: ⟦!secret ../x\n", "secret"),
    "rule without end": ("weekly/x.yaml", f"{TALK}repeat: FREQ=⟦SECONDLY\n", "repeat"),
    "colour": ("site.yaml", "id: lab\nname: L\nurl: https://a.example/\nzone: UTC\ncolours:\n  accent: ⟦'red;}*{x:y'\n", "colour"),
    "site's address": ("site.yaml", "id: lab\nname: L\nurl: ⟦'javascript:x'\nzone: UTC\n", "url"),
    "zone as a path": ("weekly/x.yaml", f"{TALK}zone: ⟦../../etc/passwd\n", "zone"),
}  # fmt: skip
