import base64
import hashlib

from rostra.sitegen.preview.page import policy, standing_alone, styles


def test_the_style_fetches_nothing_and_follows_the_system() -> None:
    style = styles(".own { color: red; }")
    assert "url(" not in style
    assert "@import" not in style
    assert "</" not in style
    assert style.count("@media (prefers-color-scheme: dark) { :root {") == 1
    assert "--paper: #14181d" in style.split("prefers-color-scheme: dark")[1]
    assert ".own { color: red; }" in style


def test_the_policy_lets_this_style_in_and_no_other() -> None:
    digest = base64.b64encode(hashlib.sha256(b"p {}").digest()).decode()
    assert policy("p {}") == f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"


def test_an_article_stands_alone(tmp_path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.png").write_bytes(b"png")
    (tmp_path / "secret.png").write_bytes(b"no")
    article = (
        '<h1 id="x">T</h1><a href="/talks/">t</a><a href="https://b.example/">b</a>'
        '<img class="p" src="/a.png" alt="A"><img src="/../secret.png" alt="B"><header></header>'
    )
    assert standing_alone(article, tmp_path, "https://lab.example/") == (
        '<h2 id="x">T</h2><a href="https://lab.example/talks/">t</a>'
        '<a href="https://b.example/">b</a>'
        '<img class="p" src="data:image/png;base64,cG5n" alt="A"><img src="data:," alt="B">'
        "<header></header>"
    )
