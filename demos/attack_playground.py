"""Attack playground: Change a picture by less than the eye notices and make a network misread it.

It wires controls to `rostra.live`; what is computed is computed there and in `robustlib`.
"""

import json
import logging
from collections.abc import Iterator
from typing import Any, cast

import gradio as gr

from robustlib.attacks import attacks
from robustlib.errors import RobustlibError
from robustlib.questions import access_of
from rostra.live import pictures, pixels, player
from rostra.live.inputs import FILE_LIMIT, PIXEL_LIMIT
from rostra.live.links import from_query
from rostra.live.player import View
from rostra.live.settings import (
    MOST_STEPS,
    SCALES,
    SETS,
    THREATS,
    VICTIMS,
    Settings,
    Source,
    controls,
    settings,
    source,
)
from rostra.live.side import queries_a_step
from rostra.live.words import CONTROLS, MESSAGES, STAGE, VisitorError, in_language, say

log = logging.getLogger("rostra.live")

# What a link or a talk's entry may set: words, and the least and the most of a number. The checker
# of entries reads it as text.
SETTINGS = {
    "set": ("signs", "digits"),
    "picture": (0, 15),
    "victim": ("each", "standard", "robust"),
    "attack": ("deepfool", "fgsm", "noise", "pgd", "square"),
    "threat": ("linf", "l2"),
    "eps": (0, 96),
    "steps": (1, 100),
    "goal": ("any", 0, 15),
}
# Each in a ball of either norm, and quick enough to wait for.
OFFERED = cast(tuple[str, ...], SETTINGS["attack"])
START = controls(Settings(Source()))
# The link is of what the controls hold now, not of the last run: all but the picture, by name.
ASKED = [name for name in START if name != "picture"]
TELL = f"(...held) => Rostra.asked({json.dumps(ASKED)}, held)"
NAMES = {"fgsm": "FGSM", "pgd": "PGD", "deepfool": "DeepFool"}
ACCESS = {"white-box": "white_box", "score": "score", "decision": "decision"}


def build(language: str, device: str) -> gr.Blocks:
    """Make the demo in one language.

    Args:
        language: "en" or "zh".
        device: Where the models run.

    Returns:
        Blocks that the server mounts.
    """
    title = say(CONTROLS, "title", language)
    with gr.Blocks(title=title, analytics_enabled=False, fill_width=True) as demo:
        with gr.Row(elem_classes="rostra-live"):
            with gr.Column(elem_classes="rostra-controls", min_width=0):
                held = _controls(language)
                go = gr.Button(say(CONTROLS, "go", language), variant="primary")
                stop = gr.Button(say(CONTROLS, "stop", language), elem_classes="rostra-stop")
                gr.HTML("<p class='rostra-refused' data-about='run' role='alert'></p>")
            with gr.Column(elem_classes="rostra-stage-column", min_width=0):
                stage = _stage(language)
        picker, _, _, threat, eps, _, goal = held
        shown = gr.State("signs")  # whose pictures the sliders and goals are for

        # The two quick ones return: what a generator yields is sent again when it ends, and would
        # undo what the visitor has done in between.
        def restore(request: gr.Request) -> list[Any]:
            return restored(dict(request.query_params), language, device)

        def choose(picture: Any, threat: Any, before: str) -> list[Any]:
            view = looked(picture, language, device)
            name = _set_of(picture)
            if name == before or view["phase"] == "error":
                return [gr.skip(), gr.skip(), before, view]
            return [_eps(name, threat, None, language), _goals(name, "any", language), name, view]

        def rescale(picture: Any, threat: Any) -> gr.Slider:
            return _eps(_set_of(picture), threat, None, language)

        def run(request: gr.Request, *values: Any) -> Iterator[View]:
            yield from attacked(values, language, device, user=getattr(request.client, "host", ""))

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # Only attacks wait in the queue: opening a page or looking at a picture is quick.
        at_once = {**quiet, "queue": False}
        demo.load(restore, None, [*held, shown, stage], **at_once)
        looking = {**at_once, "trigger_mode": "always_last"}
        picker.input(choose, [picker, threat, shown], [eps, goal, shown, stage], **looking)
        threat.input(rescale, [picker, threat], eps, **at_once)
        gr.on([one.change for one in held[1:]], None, held[1:], js=TELL, **quiet)
        job = go.click(run, held, stage, **quiet)
        stop.click(None, stage, stage, js="(view) => Rostra.stopped(view)", cancels=[job], **quiet)
    return demo


def restored(asked: dict[str, str], language: str, device: str) -> list[Any]:
    """Answer a link: what the controls hold and what the stage shows; nonsense is left out.

    Args:
        asked: The query of the page's address.
        language: "en" or "zh".
        device: Where the models run.

    Returns:
        One value per control, the set of the picture, and a view.
    """
    values = from_query(asked, START)
    try:
        picture = source(values["picture"], _counts())
        settings(picture, values, OFFERED, len(pictures.held(picture.set).classes))
        view = player.ready(picture, language, device)
    except VisitorError as refused:
        view = {**player.ready(source(None, _counts()), language, device)}
        view["notes"] = [refused.text(language)]
        values = START
    name = values["picture"]["set"]
    scaled = _eps(name, values["threat"], values["eps"], language)
    goal = _goals(name, values["goal"], language)
    return [
        values["picture"],
        values["victim"],
        values["attack"],
        values["threat"],
        scaled,
        values["steps"],
        goal,
        name,
        view,
    ]


def looked(picture: Any, language: str, device: str) -> View:
    """Show a picture that a visitor has chosen, drawn or uploaded.

    Args:
        picture: What the page sent.
        language: "en" or "zh".
        device: Where the models run.

    Returns:
        A view; what cannot be used is said in it.
    """
    turn = {"turn": picture.get("turn")} if isinstance(picture, dict) else {}
    try:
        return player.ready(source(picture, _counts()), language, device) | turn
    except (VisitorError, RobustlibError) as refused:
        return _told(refused, "picture", language) | turn


def attacked(
    values: tuple[Any, ...], language: str, device: str, *, user: str = ""
) -> Iterator[View]:
    """Run an attack as the controls stand.

    Args:
        values: Of the controls, in their order.
        language: "en" or "zh".
        device: Where the models run.
        user: Whose run it is; each user gets as much of a model as the others.

    Yields:
        Views; what cannot be run is said in one.
    """
    sent = dict(zip(START, values, strict=True))
    try:
        picture = source(sent["picture"], _counts())
        classes = len(pictures.held(picture.set).classes)
        asked = settings(picture, sent, OFFERED, classes)
        yield from player.play(asked, language, device, user=user)
    except (VisitorError, RobustlibError) as refused:
        yield _told(refused, "run", language)


def _told(refused: VisitorError | RobustlibError, about: str, language: str) -> View:
    """Say a visitor's mistake in full, where it was made; of our own only that there was one."""
    if isinstance(refused, VisitorError):
        said = refused.text(language)
    else:
        log.error("a run failed", exc_info=refused)
        said = say(MESSAGES, "failed", language)
    return {"run": next(player.runs), "phase": "error", "about": about, "notes": [said]}


def _counts() -> dict[str, int]:
    return {name: len(pictures.held(name)) for name in SETS}


def _set_of(picture: Any) -> str:
    name = picture.get("set") if isinstance(picture, dict) else None
    return name if name in SETS else SETS[0]


def _attacks(language: str) -> list[tuple[str, str]]:
    """The attacks that are offered, each with what it may see."""
    return [(_attack(name, language), name) for name in OFFERED]


def _attack(name: str, language: str) -> str:
    shown = NAMES.get(name, name.replace("_", " ").capitalize())
    access = say(CONTROLS, ACCESS[str(access_of(attacks[name]))], language)
    queries = queries_a_step(name)
    counted = {1: "", 0: "one_step"}.get(queries, "queries_a_step")
    return {"en": ", ", "zh": "，"}[language].join(
        [shown, access, *([say(CONTROLS, counted, language, count=queries)] if counted else [])]
    )


def _classes(name: str, language: str) -> list[str]:
    held = pictures.held(name)
    return list(held.classes_zh if language == "zh" else held.classes)


def _eps(set_name: str, threat: Any, value: float | None, language: str) -> gr.Slider:
    """The slider of a budget; without a value it stands where its threat begins."""
    kind = threat if threat in THREATS else START["threat"]
    scale = SCALES[set_name, kind]
    label = say(CONTROLS, f"eps_{kind}", language)
    held = scale.start if value is None else value
    return gr.Slider(0, scale.most, held, step=scale.step, label=label, buttons=[])


def _goals(name: str, value: Any, language: str) -> gr.Dropdown:
    choices: list[tuple[str, str | int]] = [(say(CONTROLS, "any", language), "any")]
    choices += [(name, index) for index, name in enumerate(_classes(name, language))]
    return gr.Dropdown(choices, value=value, label=say(CONTROLS, "goal", language))


def _controls(language: str) -> list[Any]:
    """All that a run is made of, in the order of `START`."""
    words = in_language(CONTROLS, language)
    threats = [("L∞", "linf"), ("L2", "l2")]
    return [
        _picker(language),
        gr.Radio(
            [(words[name], name) for name in VICTIMS],
            value=START["victim"],
            label=words["victim"],
            elem_classes="rostra-segments",
        ),
        gr.Dropdown(_attacks(language), value=START["attack"], label=words["attack"]),
        gr.Radio(
            threats,
            value=START["threat"],
            label=words["distance"],
            elem_classes="rostra-segments",
        ),
        _eps("signs", START["threat"], START["eps"], language),
        gr.Slider(1, MOST_STEPS, START["steps"], step=1, label=words["steps"], buttons=[]),
        _goals("signs", "any", language),
    ]


def _picker(language: str) -> gr.HTML:
    """Thumbnails of all test pictures, a canvas to draw on, a place for a file."""
    shown = {
        name: {
            "pictures": [
                pixels.uri(pixels.to_bytes(image)) for image in pictures.held(name).images
            ],
            "classes": _classes(name, language),
        }
        for name in SETS
    }
    return gr.HTML(
        START["picture"],
        html_template="<div class='rostra-picker'></div>",
        js_on_load="Rostra.picker(element, props, trigger, watch)",
        apply_default_css=False,
        shown=shown,
        words=in_language(CONTROLS, language) | in_language(MESSAGES, language),
        limits={"bytes": FILE_LIMIT, "pixels": PIXEL_LIMIT},
    )


def _stage(language: str) -> gr.HTML:
    return gr.HTML(
        {},
        html_template="<div class='rostra-stage'></div>",
        js_on_load="Rostra.stage(element, props, watch)",
        apply_default_css=False,
        classes={name: _classes(name, language) for name in SETS},
        words=in_language(STAGE, language),
    )
