"""Numbers that name a person, a car or a ticket: telephone, identity card, plate, ticket code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.types import Entity, EntityKind

_PHONE = re.compile(
    r"(?<![\d-])(?:[（(]0\d{2,3}[）)] ?\d{7,8}|(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8}|0\d{2,3}-\d{4}-\d{4}|400-?\d{3}-?\d{4})(?!\d)"
)
_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][·•.\- ]?[A-HJ-NP-Za-hj-np-z0-9]{{4,5}}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
)
_FULL_CODE = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2,4})[-_ ]?(20\d{6})[-_ ]?(\d{4,6})(?!\d)")
_TAIL = re.compile(
    r"(?:尾号|尾数|末尾|后[四4]位|最后[四4]位|编号|单号|工单|呼叫单|单子|No\.?|#|＃)(?:是|为|号)?\s*[:：]?\s*(\d{2,6})(?!\d)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<!凌晨)(?<![早晚]上)(?<![上下]午)(?<![\d.\-:：/年月栋幢座单元第])(0\d{3})(?![\d.\-:：/]|号楼|栋|幢|单元|室|元|米|路|次|年|个|人)"
)


def find_numbers(text: str) -> Iterator[Entity]:
    """Ticket codes (whole, or their last digits), identity and telephone numbers, plates."""
    taken: list[tuple[int, int]] = []
    for entity in (*_codes(text), *_personal(text)):
        if all(entity.end <= start or entity.start >= end for start, end in taken):
            taken.append((entity.start, entity.end))
            yield entity


def _codes(text: str) -> Iterator[Entity]:
    for match in _FULL_CODE.finditer(text):
        code = f"{match[1].upper()}-{match[2]}-{match[3]}"
        yield Entity(EntityKind.TICKET_CODE, match.group(), match.start(), match.end(), code)
    for pattern in (_TAIL, _BARE):
        for match in pattern.finditer(text):
            yield Entity(EntityKind.TICKET_CODE, match.group(), match.start(), match.end(), match[1])


def _personal(text: str) -> Iterator[Entity]:
    for match in _ID_NUMBER.finditer(text):
        yield Entity(EntityKind.ID_NUMBER, match.group(), match.start(), match.end(), match.group().upper())
    for match in _PHONE.finditer(text):
        value = re.sub(r"[-（）() ]", "", match.group()).removeprefix("+").removeprefix("86")
        yield Entity(EntityKind.PHONE, match.group(), match.start(), match.end(), value)
    for match in _PLATE.finditer(text):
        value = re.sub(r"[·•.\- ]", "", match.group()).upper()
        yield Entity(EntityKind.PLATE, match.group(), match.start(), match.end(), value)
