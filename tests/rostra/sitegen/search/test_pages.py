"""What a search knows of a page is what its reader sees of the article."""

from rostra.sitegen.search.pages import Document, document


def test_only_the_article_is_read() -> None:
    page = (
        "<header>menu</header><main><h1>T</h1>a<script>x</script><p>b</p></main><footer>f</footer>"
    )
    assert document(page, "u/") == Document("u/", "T", "T a b")


def test_tags_inside_a_line_do_not_part_words_and_blocks_do() -> None:
    page = "<main><h1>T</h1><p>对<em>抗</em>训练</p><p>后<br>来</p><ul><li>x</li><li>y</li></ul>"
    assert document(page, "u/").text == "T 对抗训练 后 来 x y"


def test_links_are_read_and_permalinks_are_not() -> None:
    page = '<main><h1>T<a class="headerlink" href="#t">#</a></h1><p>a <a href="b/">b</a></p></main>'
    assert document(page, "u/") == Document("u/", "T", "T a b")


def test_a_talk_is_dated() -> None:
    assert document("<main><h1>T</h1></main>", "u/", "2026-11-21").date == "2026-11-21"


def test_a_title_keeps_its_formulas() -> None:
    html = "<main><h1>Bounds: <math><mrow><mi>ε</mi><mn>2</mn></mrow></math> &amp; more</h1></main>"
    assert document(html, "a/").title == "Bounds: ε2 & more"
    assert document("<main><h1><math><mi>x</mi></math></h1></main>", "a/").title == "x"
