"""Generated talks and questions whose answers are known, for the search's benchmark and tests."""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import mean

from rostra.sitegen.search.pages import Document
from rostra.sitegen.search.terms import folded

SHORT = 10  # answers at most of a question that must be answered whole among the first hits
CHINESE = (
    "对抗 训练 攻击 防御 模型 鲁棒性 隐私 安全 数据 图像 分类器 梯度 扰动 样本 神经网络 深度学习 "
    "机器学习 随机平滑 检测 后门 投毒 联邦学习 差分隐私 语言模型 推荐系统 目标检测 迁移 黑盒 白盒 "
    "查询 决策边界 损失函数 准确率 测试 水印 公平性 泛化 的 了 在 和 与 对 是 我们 一个 可以 通过 "
    "基于 提出 研究 方法 结果 表明 以及 进行 问题 这些 如何 并 中 上 为 更 不 也 将"
)
ENGLISH = (
    "the of and a to in we is for that with on by this are as models training attack adversarial "
    "robust privacy data learning network gradient images classifier certified smoothing defence "
    "poisoning backdoor federated differential language vision detection transfer queries bounds"
)
SYLLABLES = "ac an ba cer de el fer gra in ker lo mi nor op pre qua re sta tri un ver wi xen yo zet"
CHARACTERS = [
    bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)
]
Ask = Callable[[str], tuple[list[str], list[str], int]]  # all hits, the first, and bytes loaded


@dataclass(frozen=True)
class Question:
    """A query, and the addresses of the pages that hold it."""

    query: str
    answers: frozenset[str]


def vocabulary(language: str, draw: random.Random) -> list[str]:
    """Words from the most to the least frequent: real ones, then invented ones."""
    if language == "zh":
        often = list(accumulate(1 / (rank + 3) ** 0.8 for rank in range(len(CHARACTERS))))
        known, parts, lengths = CHINESE, draw.sample(CHARACTERS, len(CHARACTERS)), (2, 2, 2, 3, 4)
    else:
        known, parts, lengths = ENGLISH, SYLLABLES.split(), (2, 3, 3, 4, 5)
        often = list(range(1, len(parts) + 1))
    invented = ("".join(draw.choices(parts, cum_weights=often, k=draw.choice(lengths)))
                for _ in range(8000))  # fmt: skip
    return list(dict.fromkeys([*known.split(), *invented]))


def talks(count: int, language: str, seed: int = 0) -> Iterator[Document]:
    """Talks of about 250 Chinese characters or 120 words, their words as frequent as Zipf says."""
    draw = random.Random(seed)
    words = vocabulary(language, draw)
    often = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    length, glue, stops = (96, "", "，。；") if language == "zh" else (120, " ", [",", ".", ";"])
    for number in range(count):
        drawn = draw.choices(words, cum_weights=often, k=length + 4)
        for place in range(8, length, 9):
            drawn[place] += draw.choice(stops)
        title, text = glue.join(drawn[:4]), glue.join(drawn[4:])
        date = f"{2000 + number * 26 // count}-{1 + number % 12:02}-01"
        url = f"{'zh/' if language == 'zh' else ''}talks/series-{number % 40}/talk-{number}/"
        yield Document(url, title, f"{title} {text}", date)


def questions(
    documents: Sequence[Document], language: str, count: int = 1000, seed: int = 1
) -> Iterator[Question]:
    """Pieces of 2 to 6 Chinese characters, or beginnings of words, from anywhere in the texts.

    The answers are found by looking into every text.
    """
    draw = random.Random(seed)
    texts = [(one.url, " " + " ".join(re.findall(r"[^\W_]+", folded(one.text))))
             for one in documents]  # fmt: skip
    for _ in range(count):
        query = ""
        while not query:
            query = _piece(draw.choice(texts)[1], language, draw)
        sought = [query] if language == "zh" else [" " + word for word in query.split()]
        answers = (url for url, text in texts if all(one in text for one in sought))
        yield Question(query, frozenset(answers))


def _piece(text: str, language: str, draw: random.Random) -> str:
    if language == "en":
        beginnings = [
            draw.choice(text.split())[: draw.randint(3, 7)] for _ in range(draw.randint(1, 3))
        ]
        # A plural's s is taken off a query; the answers found by looking would not be.
        known = all(len(one) > 2 and one.isascii() and one[-1] != "s" for one in beginnings)
        return " ".join(beginnings) if known else ""
    run = draw.choice(text.split())
    start = draw.randrange(max(len(run) - 1, 1))
    piece = run[start : start + draw.randint(2, 6)]
    return piece if len(piece) > 1 and re.fullmatch("[\u4e00-\u9fff]+", piece) else ""


def measured(asked: Iterable[Question], ask: Ask) -> dict[str, float]:
    """How well an engine answers, over all questions."""
    right = true = given = 0
    whole, loaded = [], []
    for one in asked:
        hits, first, size = ask(one.query)
        right += len(one.answers & set(hits))
        true += len(one.answers)
        given += len(hits)
        loaded.append(size)
        if len(one.answers) <= SHORT:
            whole.append(one.answers <= set(first[:SHORT]))
    loaded.sort()
    return {
        "recall": round(right / true, 4),
        "false hits %": round(100 * (given - right) / max(given, 1), 2),
        f"all of ≤ {SHORT} in the first {SHORT} %": round(100 * mean(whole), 2),
        "kB to first result": round(mean(loaded) / 1000, 1),
        "p95": round(loaded[int(0.95 * len(loaded))] / 1000, 1),
        "max": round(loaded[-1] / 1000, 1),
    }
