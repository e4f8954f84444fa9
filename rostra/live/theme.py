"""Gradio in the site's clothes: the tokens of `tokens.css`, so that nobody sees where a page ends.

Colours are CSS variables of the site itself; light and dark follow the page that holds the demo.
"""

from typing import Any

SITE = "/assets"

_FONT = "var(--text)"
_MONO = "var(--mono)"

# Gradio's variable: the site's token. A dark variant of each takes the same token, which
# changes its own value in the dark.
_COLOURS = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--soft)",
    "background_fill_primary": "var(--card)",
    "background_fill_secondary": "var(--hero)",
    "block_background_fill": "transparent",
    "block_border_color": "var(--line)",
    "block_info_text_color": "var(--soft)",
    "block_label_background_fill": "transparent",
    "block_label_text_color": "var(--soft)",
    "block_title_text_color": "var(--soft)",
    "border_color_primary": "var(--line)",
    "border_color_accent": "var(--accent)",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent)",
    "button_primary_border_color": "var(--accent)",
    "button_primary_text_color": "var(--on-accent)",
    "button_secondary_background_fill": "transparent",
    "button_secondary_background_fill_hover": "var(--hero)",
    "button_secondary_border_color": "var(--line)",
    "button_secondary_text_color": "var(--accent)",
    "checkbox_label_background_fill": "transparent",
    "checkbox_label_background_fill_selected": "var(--accent)",
    "checkbox_label_border_color": "var(--line)",
    "checkbox_label_text_color": "var(--soft)",
    "checkbox_label_text_color_selected": "var(--on-accent)",
    "color_accent": "var(--accent)",
    "color_accent_soft": "var(--hero)",
    "error_background_fill": "var(--card)",
    "error_border_color": "var(--adversarial)",
    "error_text_color": "var(--adversarial-text)",
    "input_background_fill": "var(--card)",
    "input_border_color": "var(--line)",
    "input_border_color_focus": "var(--accent)",
    "link_text_color": "var(--accent)",
    "link_text_color_hover": "var(--accent)",
    "link_text_color_visited": "var(--accent)",
    "panel_background_fill": "transparent",
    "slider_color": "var(--adversarial)",
}
# The same in both, because a length has no colour. No shadows: hairlines instead.
_SHAPES = {
    "block_border_width": "0px",
    "block_label_text_size": "0.875rem",
    "block_label_text_weight": "400",
    "block_padding": "0px",
    "block_radius": "6px",
    "block_shadow": "none",
    "block_title_text_size": "0.875rem",
    "block_title_text_weight": "400",
    "body_text_size": "1rem",
    "button_large_padding": "0.6rem 1rem",
    "button_large_radius": "6px",
    "button_large_text_size": "0.95rem",
    "button_primary_shadow": "none",
    "button_secondary_shadow": "none",
    "form_gap_width": "0px",
    "input_border_width": "1px",
    "input_radius": "6px",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "input_text_size": "0.95rem",
    "layout_gap": "1.25rem",
    "shadow_drop": "none",
    "shadow_drop_lg": "none",
    "shadow_inset": "none",
    "shadow_spread": "0px",
}

_SHEETS = ("tokens", "stage", "frame")
# In this order: each takes what it needs from those before it.
_SCRIPTS = ("follow", "copy", "elements", "pictures", "stage", "upload", "picker", "live")
# Gradio does not wait for scripts; what it asks for before the last has come is kept for that one.
_EARLY = """<script>
window.Rostra = (() => {
  const early = [];
  const later = (name) => (...given) => early.push([name, given]);
  const known = ["picker", "stage", "asked"].map((name) => [name, later(name)]);
  return Object.freeze({ early, ...Object.fromEntries(known) });
})();
</script>"""


def theme() -> Any:
    """Make Gradio's theme from the site's tokens.

    Returns:
        A `gradio.themes.Base`; gradio is imported only here.
    """
    from gradio.themes import Base

    base = Base(font=_FONT, font_mono=_MONO, text_size="md", spacing_size="md", radius_size="sm")
    dark = {
        f"{name}_dark": token for name, token in _COLOURS.items() if hasattr(base, f"{name}_dark")
    }
    return base.set(**_COLOURS, **dark, **_SHAPES)


def head(language: str) -> str:
    """The elements that a demo's page takes from the site: tokens, fonts, figures, frame script.

    Args:
        language: "en" or "zh".

    Returns:
        HTML for the page's head.
    """
    icon = f'<link rel="icon" href="{SITE}/images/favicon.svg">'
    sheets = (f'<link rel="stylesheet" href="{SITE}/stylesheets/{name}.css">' for name in _SHEETS)
    scripts = (
        f'<script src="{SITE}/javascripts/{name}.js" data-language="{language}"></script>'
        for name in _SCRIPTS
    )
    return "".join((icon, *sheets, _EARLY, *scripts))


# Gradio's own margins would show where the page ends. On its own, outside a page, a demo has some.
CSS = """
.gradio-container, .gradio-container > .main, .gradio-container main {
  max-width: none !important;
  padding: 0 !important;
}
.gradio-container > .main { overflow: visible; padding: 4px !important; }
html:not(.is-framed) .gradio-container > .main {
  max-width: 70rem !important;
  padding: 2rem 1rem !important;
}
footer { display: none !important; }
"""
