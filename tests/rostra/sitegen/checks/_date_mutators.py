"""Mistakes in the dates that a talk's text names, and dates and words that are no mistake."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.rostra.sitegen.checks._mutators import TALK, Files, Sample, known, legitimate


def dated(
    what: str, write: Callable[[datetime], str], key: str = "abstract", move: int = 1
) -> None:
    """A date in the text, a number of days from the talk's own."""

    def mutate(sample: Sample) -> Files:
        text = write(sample.start + timedelta(days=move))
        return {TALK: sample.without(key) + f"{key}: |\n  {text}\n"}

    known("date", what, mutate)


DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = "January February March April May June July August September October November December"
HAN = "一二三四五六日"


def han(number: int) -> str:
    """A number below a hundred in Chinese characters."""
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "十"}.get(tens, f"{'零一二三四五六七八九'[tens]}十")
    return ten + "零一二三四五六七八九"[ones].replace("零", "")


def day(moment: datetime, turn: int = 0) -> str:
    return DAYS[(moment.weekday() + turn) % 7]


def month(moment: datetime) -> str:
    return MONTHS.split()[moment.month - 1]


dated("weekday, day, month", lambda t: f"Come on ⟦{day(t)}, {t.day} {month(t)} {t.year} to room 5.")
dated("month first", lambda t: f"Come on ⟦{day(t)}, {month(t)} {t.day}, {t.year}!", move=2)
dated("with an hour", lambda t: f"Come on ⟦{t.day} {month(t)[:3]} at 10:00, all of you.", move=3)
dated("as ISO", lambda t: f"It takes place on ⟦{t:%Y-%m-%d} in room 5.", move=-2)
dated("Chinese", lambda t: f"讲座将于⟦{t.year}年{t.month}月{t.day}日在五号楼举行。")
dated("Chinese weekday", lambda t: f"时间：⟦{t.month}月{t.day}日（星期{HAN[t.weekday()]}）", move=4)
dated("join us", lambda t: f"Join us on ⟦{t.day} {month(t)} {t.year} for tea.", move=5)
dated("in the bio", lambda t: f"Speaks on ⟦{day(t)} {t.day} {month(t)} here.", "bio", move=6)
dated("in the title", lambda t: f"On trust, ⟦{day(t)} {t.day} {month(t)} {t.year}", "title")
dated("the wrong weekday", lambda t: f"Come on ⟦{day(t, 1)} {t.day} {month(t)} {t.year}!", move=0)
dated("星期不对", lambda t: f"⟦{t.month}月{t.day}日 星期{HAN[(t.weekday() + 2) % 7]}", move=0)
dated(
    "the wrong hour",
    lambda t: f"Come on ⟦{t.day} {month(t)}, {t:%H}:{(t.minute + 7) % 60:02}!",
    move=0,
)
dated(
    "pm for am",
    lambda t: f"On ⟦{t:%Y-%m-%d} {(t.hour + 11) % 12 + 1}:{t:%M} {'am' if t.hour >= 12 else 'pm'}!",
    move=0,
)

# What of the clock is not the talk's own: each is an hour or more away from it, whenever it begins.
AWAY = timedelta(hours=5, minutes=30)


def clock(moment: datetime) -> str:
    return f"{'上午' if moment.hour < 12 else '下午'}{(moment.hour + 11) % 12 + 1}"


def half(moment: datetime) -> str:
    return "am" if moment.hour < 12 else "pm"


dated("points", lambda t: f"When: ⟦{t:%Y.%m.%d} in room 5.")
dated("slashes", lambda t: f"The seminar on ⟦{t.year}/{t.month}/{t.day} at 3 pm.", move=3)
dated("slashes and weekday", lambda t: f"时间：⟦{t:%Y/%m/%d}（周{HAN[t.weekday()]}）", move=4)
dated("points, no such weekday", lambda t: f"⟦{t:%Y.%m.%d} 周{HAN[t.weekday() - 1]}", move=0)
dated("at 3 pm", lambda t: f"Come on ⟦{t.day} {month(t)} at 3 pm, all of you.", move=3)
dated("p.m.", lambda t: f"Come on ⟦{month(t)} {t.day}, {t.year} at 3 p.m.!", move=-3)
dated("上午10时", lambda t: f"⟦{t.month}月{t.day}日上午10时，五号楼。", move=2)
dated("characters", lambda t: f"⟦{han(t.month)}月{han(t.day)}日下午四点，五号楼。", move=2)
dated("weekday in characters", lambda t: f"⟦{han(t.month)}月{han(t.day)}日 周{HAN[t.weekday()]}")
for name, write in {
    "点分": lambda t, u: f"⟦{t.month}月{t.day}日{clock(u)}点{u.minute}分",
    "时": lambda t, u: f"⟦{t:%Y/%m/%d}，{clock(u)}时",
    "a span": lambda t, u: f"On ⟦{t:%Y-%m-%d}, {(u.hour + 11) % 12 + 1} - 11:59 {half(u)}!",
    "the full hour": lambda t, u: f"On ⟦{t.day} {month(t)} at {(u.hour + 11) % 12 + 1} {half(u)}",
}.items():
    dated(
        f"the wrong hour, {name}",
        lambda t, write=write: write(t, t + AWAY if t.hour < 18 else t - AWAY),
        move=0,
    )


def right(what: str, hour: str, write: Callable[[datetime], str], key: str = "abstract") -> None:
    """A text that agrees with a talk of that hour."""

    def mutate(sample: Sample) -> Files:
        begins = datetime.strptime(f"{sample.start:%Y-%m-%d} {hour}", "%Y-%m-%d %H:%M")
        text = re.sub(r"^(start: \S+) \S+", rf"\1 {hour}", sample.without(key), flags=re.M)
        return {TALK: text + f"{key}: |\n  {write(begins)}\n"}

    legitimate(what, mutate)


right("half past", "15:30", lambda t: f"{t.month}月{t.day}日下午3点半，五号楼。")
right("half past in characters", "15:30", lambda t: f"{han(t.month)}月{han(t.day)}日下午三点半")
right("a quarter past", "15:15", lambda t: f"{t.month}月{t.day}日下午三点一刻")
right("before noon", "11:30", lambda t: f"{t.month}月{t.day}日中午11点半")
right("one half for both", "14:00", lambda t: f"On {t.day} {month(t)}, 2:00-3:30 pm, in room 5.")
right("one half, full hours", "14:00", lambda t: f"On {day(t)} {t.day} {month(t)}, 2 to 4 p.m.")
right("over noon", "11:00", lambda t: f"On {month(t)} {t.day}, {t.year}, 11:00-1:00 pm.")
right("at 2 pm", "14:00", lambda t: f"When: {day(t)} {t.day} {month(t)} at 2 pm.", "bio")
right("points", "10:00", lambda t: f"时间：{t:%Y.%m.%d}（周{HAN[t.weekday()]}）上午10时")
right("slashes", "10:00", lambda t: f"The seminar on {t.year}/{t.month}/{t.day}, 10-11:30 am.")
right(
    "versions", "10:00", lambda t: f"Of version 2.0.1, {t:%Y}.1.1, and version {t:%Y}.02.03 10:30."
)
right("fractions", "10:00", lambda t: f"Seminar: 3/4 of {t:%y}/{t.year + 1}, 1/2, 10.5/11.")
right(
    "identifiers", "10:00", lambda t: f"Seminar {t:%y%m}.01234, 2701.01234, 10.1145/{t:%Y/%m/%d}."
)
right("pages", "10:00", lambda t: f"Seminar {t.year}/1/11–17, pp. {t.year}-{t.year + 9}, 3-30.")
right("lengths", "10:00", lambda t: f"On {t.day} {month(t)} {t.year}, 3 hrs of it, 2h30.")
right("some", "10:00", lambda t: f"{t.month}月{t.day}日三点建议，有一点不同，下午三场报告。")
right("another's calendar", "10:00", lambda t: "农历十二月四日下午四点，正月初一。")
