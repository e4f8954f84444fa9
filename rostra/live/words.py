"""The words that demos share, in the languages of the site: (English, Chinese).

A {name} inside is filled by whoever shows it. The recorded player takes its words from here too:
they travel inside the recording.
"""

from typing import Final

LANGUAGES: Final = ("en", "zh")

# On the stage; both the live page and the recorded player show these.
STAGE: dict[str, tuple[str, str]] = {
    "original": ("original", "原图"),
    "perturbation": ("perturbation × {factor}", "扰动 × {factor}"),
    "adversarial": ("adversarial", "对抗样本"),
    "perturbed": ("perturbed", "加扰后"),
    "unattacked": ("not attacked yet", "尚未攻击"),
    "plus": ("plus", "加"),
    "equals": ("equals", "等于"),
    "standard": ("Standard", "标准模型"),
    "robust": ("Robust", "鲁棒模型"),
    "pictures_of": ("Pictures of", "显示哪个模型"),
    "picture_is": ("{name}, {label}", "{name}：{label}"),
    "probability": ("{label}: {percent}", "{label}：{percent}"),
    "clean": ("says {label}, {percent}", "判为“{label}”，{percent}"),
    "wrong": (
        "already wrong without an attack: says {label}, {percent}",
        "尚未攻击就已判错：“{label}”，{percent}",
    ),
    "running": ("step {step} of {steps}: says {label}", "第 {step}/{steps} 步：判为“{label}”"),
    "fooled": (
        "fooled at step {step} of {steps}: says {label}, {percent}",
        "第 {step}/{steps} 步被骗：判为“{label}”，{percent}",
    ),
    "holds": (
        "holds after step {steps}: says {label}, {percent}",
        "{steps} 步后仍未被骗：判为“{label}”，{percent}",
    ),
    "rounded": (
        "fooled before rounding only: the 8-bit picture is read as {label}, {percent}",
        "仅在取整前被骗：8 位图像判为“{label}”，{percent}",
    ),
    "transfers": (
        "misreads the other's picture too: says {label}, {percent}",
        "也误判了对方的图：“{label}”，{percent}",
    ),
    "resists": (
        "not misled by the other's picture: says {label}, {percent}",
        "没有被对方的图误导：判为“{label}”，{percent}",
    ),
    "stopped": ("stopped at step {step}", "在第 {step} 步停止"),
    "before": ("before: {label} {percent}", "攻击前：{label} {percent}"),
    "loss": ("loss", "损失"),
    "step": ("step {step}", "第 {step} 步"),
    "curve": (
        "Loss of the goal by step, standard and robust model",
        "标准模型与鲁棒模型的目标损失随步数变化",
    ),
    "queries": ("queries", "查询"),
    "gradients": ("gradients", "梯度"),
    "time": ("time", "用时"),
    "seconds": ("{seconds} s", "{seconds} 秒"),
    "unrounded": ("before rounding", "取整前"),
    "link": ("Link", "链接"),
    "link_is": ("Link to these settings", "此设置的链接"),
    "copied": ("Copied", "已复制"),
    "copy": ("Copy", "复制"),
    "png": ("PNG", "PNG"),
    "png_is": (
        "Download the adversarial picture, {label}, exactly as the model read it",
        "下载模型读到的对抗图像（{label}），逐字节相同",
    ),
    "python": ("Repeat in Python", "用 Python 重复"),
    "eps": ("eps", "eps"),
    "scrub": ("Step", "步"),
    "recorded": (
        "A recorded run of {date}: Rostra {version}, torch {torch}, {device}, seed {seed}.",
        "{date} 的真实运行录制：Rostra {version}，torch {torch}，{device}，种子 {seed}。",
    ),
    "hero_standard": ("Standard model", "标准模型"),
    "hero_robust": ("Robust model", "鲁棒模型"),
    "hero_fooled": (
        "fooled after {step} steps: {label}, {percent}",
        "{step} 步后被骗：“{label}” {percent}",
    ),
    "hero_fooled_one": (
        "fooled after one step: {label}, {percent}",
        "一步就被骗：“{label}” {percent}",
    ),
    "hero_holds": ("still says {label}, {percent}", "仍判为“{label}” {percent}"),
    "yourself": ("Attack it yourself", "亲手攻击它"),
    "starting": (
        "The live demo is starting; this is a recorded run.",
        "现场演示正在启动，这里先播放录制。",
    ),
}

# Controls of the attack playground.
CONTROLS: dict[str, tuple[str, str]] = {
    "title": ("Attack playground", "攻击实验台"),
    "picture": ("Picture", "图片"),
    "signs": ("Signs", "路牌"),
    "digits": ("Digits", "数字"),
    "draw": ("Draw", "手绘"),
    "upload": ("Upload", "上传"),
    "draw_here": ("Draw a digit from 0 to 9 here", "在此写一个 0 到 9 的数字"),
    "clear": ("Clear", "清除"),
    "use": ("Use this drawing", "使用这幅手绘"),
    "choose_file": ("Choose a picture", "选择图片"),
    "upload_note": (
        "PNG, JPEG, WebP, BMP or GIF. Its middle is cut out and resized to 32 × 32;"
        " a large photo is made smaller before it is sent.",
        "PNG、JPEG、WebP、BMP 或 GIF。取中间的正方形并缩放为 32 × 32；大照片会先在本机缩小再发送。",
    ),
    "victim": ("Model under attack", "攻击哪个模型"),
    "each": ("Each", "各自"),
    "standard": ("Standard", "标准"),
    "robust": ("Robust", "鲁棒"),
    "attack": ("Attack", "攻击方法"),
    "distance": ("Distance", "距离"),
    "eps_linf": ("eps, in 1/255", "eps，单位 1/255"),
    "eps_l2": ("eps, in L2", "eps，L2 距离"),
    "steps": ("Steps", "步数"),
    "goal": ("Goal", "目标"),
    "any": ("Any other class", "任何其他类别"),
    "go": ("Attack", "开始攻击"),
    "stop": ("Stop", "停止"),
    "white_box": ("white-box", "白盒"),
    "score": ("scores", "分数"),
    "decision": ("decisions", "仅判决"),
    "queries_a_step": ("{count} queries/step", "每步 {count} 次查询"),
    "one_step": ("one step", "单步"),
    "unreadable": (
        "The browser could not read this file. Choose it again, or another one.",
        "浏览器无法读取此文件，请重新选择或换一个。",
    ),
    "shrunk": (
        "Made smaller here before it was sent: it had {width} × {height} pixels.",
        "发送前已在本机缩小：原图为 {width} × {height} 像素。",
    ),
}

# What a visitor is told when a picture or a setting cannot be used, or was changed on its way in.
MESSAGES: dict[str, tuple[str, str]] = {
    "empty": ("The file is empty.", "文件是空的。"),
    "heavy": (
        "The file has more than 2 MB; a smaller one will do.",
        "文件超过 2 MB，请换一个小一些的。",
    ),
    "svg": (
        "An SVG is a drawing, not pixels. Save it as PNG and upload that.",
        "SVG 是矢量图，不是像素。请存为 PNG 再上传。",
    ),
    "unknown": (
        "This is not a picture that can be read: PNG, JPEG, WebP, BMP or GIF, please.",
        "无法识别的图片格式：请用 PNG、JPEG、WebP、BMP 或 GIF。",
    ),
    "large": (
        "The picture has more than {limit} megapixels; a smaller one will do.",
        "图片超过 {limit} 百万像素，请换一张小一些的。",
    ),
    "animated": (
        "The file is animated: {frames} pictures. Upload one of them.",
        "这是动画，含 {frames} 幅图。请上传其中一幅。",
    ),
    "damaged": (
        "The file ends early or is damaged; it opens only in part.",
        "文件不完整或已损坏，只能打开一部分。",
    ),
    "blank": ("There is nothing on the drawing yet.", "画布上还什么都没有。"),
    "cropped": (
        "Used the middle of the {width} × {height} picture, resized to {size} × {size}.",
        "已取 {width} × {height} 图片的中间部分，缩放为 {size} × {size}。",
    ),
    "cmyk": (
        "Its CMYK colours (for print) were converted to RGB.",
        "CMYK 颜色（用于印刷）已转换为 RGB。",
    ),
    "deep": ("Its 16 bits a pixel were rounded to 8.", "每像素 16 位已取整为 8 位。"),
    "transparent": ("Transparent parts were put on white.", "透明部分已填为白色。"),
    "drawn": (
        "The drawing was centred and scaled to {size} × {size}.",
        "手绘已居中并缩放为 {size} × {size}。",
    ),
    "no_label": (
        "Nobody has said what this picture shows: each model is attacked on what it says itself.",
        "没有人给这张图片标注类别：对每个模型，攻击的都是它自己的判断。",
    ),
    "number": (
        "{name} must be a number from {low} to {high}; got {value}.",
        "{name} 应为 {low} 到 {high} 之间的数，收到的是 {value}。",
    ),
    "choice": (
        "{name} must be one of {choices}; got {value}.",
        "{name} 应为以下之一：{choices}；收到的是 {value}。",
    ),
    "many": (
        "From this address {count} runs are under way already. Try again when some have ended.",
        "来自此地址的任务已有 {count} 个在运行或排队，请稍后再试。",
    ),
    "deadline": (
        "Stopped after {seconds} s of work, which is what one run may take here.",
        "已用满 {seconds} 秒计算时间（此处单次运行的上限），提前停止。",
    ),
    "untargeted": (
        "{attack} only leads away from a class: choose the goal “Any other class”,"
        " or another attack.",
        "{attack} 只能使模型偏离原类别：请把目标设为“任何其他类别”，或换一种攻击。",
    ),
    "zero": (
        "With eps 0 nothing may change: this says nothing of the models.",
        "eps 为 0 时不允许任何改动，结果不能说明模型如何。",
    ),
    "same": (
        "The goal is the class that the picture shows already; choose another.",
        "目标就是图片本来的类别，请另选一个。",
    ),
    "failed": (
        "The run failed here; the server has noted why. Other settings may work.",
        "运行出错，服务器已记录原因。换一组设置或许可行。",
    ),
}


class VisitorError(ValueError):
    """What a visitor brought cannot be used; says why in every language.

    Args:
        key: Which of `MESSAGES`.
        **values: What fills its {names}.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(say(MESSAGES, key, "en", **values))
        self.key = key
        self.values = values

    def text(self, language: str) -> str:
        """The message in one language.

        Args:
            language: "en" or "zh".

        Returns:
            A sentence.
        """
        return say(MESSAGES, self.key, language, **self.values)


def say(words: dict[str, tuple[str, str]], key: str, language: str, **values: object) -> str:
    """Say one thing in one language.

    Args:
        words: One of the dictionaries above.
        key: What to say.
        language: "en" or "zh".
        **values: What fills the {names}.

    Returns:
        The text.

    Examples:
        >>> say(MESSAGES, "large", "en", limit=4)
        'The picture has more than 4 megapixels; a smaller one will do.'
    """
    return words[key][LANGUAGES.index(language)].format(**values)


def in_language(words: dict[str, tuple[str, str]], language: str) -> dict[str, str]:
    """All of one dictionary in one language, for scripts.

    Args:
        words: One of the dictionaries above.
        language: "en" or "zh".

    Returns:
        The texts by key, {names} unfilled.
    """
    index = LANGUAGES.index(language)
    return {key: texts[index] for key, texts in words.items()}
