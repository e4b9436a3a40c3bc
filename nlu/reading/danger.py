"""Danger to life by plain words, beside what the model says: here a miss costs more than a false alarm."""

from __future__ import annotations

import re

_DANGER = re.compile(
    r"跳楼|跳桥|跳河|轻生|自杀|自焚|割腕|不想活|要跳下|起火|着火|失火|烧起来|火势|浓烟|冒烟.{0,6}(?:火|呛)|爆炸|爆燃|"
    r"漏气|燃气(?:味|泄)|煤气味|触电|带电|电死|漏电|昏迷|晕倒|没有?呼吸|没反应|中毒|大出血|流了?(?:好多|很多|一地)血|"
    r"被埋|被困|困在|关在(?:电梯|里)|溺水|落水|掉(?:进|下)(?:河|水|井|坑)|砸(?:到|中|伤|倒)(?:了)?(?:人|行人|老|小|娃|个)|"
    r"持刀|拿刀|砍人|捅(?:人|了|伤)|救命|快死|要出人命|出人命|有人受伤|人受伤"
)
_HARMLESS = re.compile(
    r"演练|培训|宣传|预防|讲座|通知|学习|考试|检查(?:一下)?(?:情况)?$|没有?人(?:员)?(?:受伤|被困)|无人员?(?:受伤|被困|伤亡)|已经?扑灭"
)


def names_danger(text: str) -> bool:
    """Whether the words say that somebody's life is in danger now."""
    return bool(_DANGER.search(text)) and not _HARMLESS.search(text)
