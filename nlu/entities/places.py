"""Where: roads with numbers, compounds, buildings, crossings, "opposite"; and rooms, which are masked in groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.types import Entity, EntityKind

_N = r"[0-9０-９零一二三四五六七八九十百两]"
_STOP = "的了在到从和与把被给跟有是就都也还要让叫对这那哪个去来往我你他她它们啊吧呢吗嘛哈说请问因为"
# Names may begin with a word that otherwise parts two names.
_CHARACTER = rf"[^\s\W{_STOP}0-9a-zA-Z_]"
_WORD = rf"(?:(?:和[平谐顺美睦兴]|同[心德乐仁]){_CHARACTER}{{0,5}}?|{_CHARACTER}{{1,6}}?)"
_ROAD = rf"{_WORD}(?:大道|大街(?!道(?!路))|胡同|公路|路|街(?!道(?!路))|巷|里弄)(?:[东南西北中][段路]?|{_N}段)?"
_NUMBER = rf"(?:{_N}+(?:[-之－]\d+)?(?:附{_N}+)?号(?!线|楼)(?:附{_N}+号(?!楼))?(?:大?院)?)"
_KIND = (
    r"(?:小区|花园|花苑|家园|公寓|大厦|广场|公园|市场|菜场|学校|小学|中学|幼儿园|医院|车站|地铁站|公交站台?|[东南西北]站|"
    r"工地|大桥|立交|隧道|院子|大院|宿舍|新村|新城|名城|商场|超市|酒店|加油站|派出所|卫生院|居委会|停车场|体育馆|步行街|码头|天桥|河堤|桥|苑|里|府|坊|湾|河边)"
)
_COMPOUND = rf"(?:{_WORD}{_KIND}{{1,2}})"
_BUILDING = rf"(?:{_N}{{1,4}}(?:号楼|号院|栋|幢|座|期|区|组团)|[A-Za-z](?:栋|幢|座|区))"
_NEAR = (
    r"(?:(?:十字|三岔|丁字|交叉)?路口|口(?=对面|旁|附近|那|的|有|上)|交叉口|交汇处|转角|拐角|转盘|门口|大门|正门|[东南西北后侧]门|对面|对过|斜对面|旁边|旁|隔壁|"
    r"附近|楼下|桥下|底下|入口|出口|[A-Z]\d?口|[东南西北]侧|[东南西北]边|[东南西北]{1,2}角|下面|侧面|背后|后面|前面|里面|一带|沿线|沿街)"
)
_PLACE = re.compile(
    rf"(?:十字|三岔|丁字)路口|(?:{_ROAD}(?:[与和跟同、交]{_ROAD})?(?:交叉口|交汇处|路口)?{_NUMBER}?(?:{_COMPOUND}|{_KIND})?|{_COMPOUND}){_BUILDING}{{0,2}}(?:{_NEAR}){{0,2}}|{_BUILDING}(?:{_NEAR})?"
    rf"|{_KIND}(?:{_NEAR}){{1,2}}"
)
_ROOM = re.compile(
    rf"(?:{_N}{{1,3}}单元)(?:{_N}{{1,3}}(?:楼|层))?(?:{_N}{{3,4}}(?:室|号房|房|号|户)?)?|{_N}{{1,2}}(?:楼|层)(?:{_N}{{3,4}}(?:室|房)?)?|{_N}{{3,4}}(?:室|号房|房间|户)|(?<!\d)\d{{1,2}}[-－]\d{{1,2}}[-－]\d{{3,4}}(?!\d)"
)


def find_places(text: str) -> Iterator[Entity]:
    """Places that may be shown, then rooms (unit, floor, door) that may not."""
    rooms = [Entity(EntityKind.ROOM, m.group(), m.start(), m.end()) for m in _ROOM.finditer(text)]
    for match in _PLACE.finditer(text):
        start, end = match.span()
        if end - start >= 2 and not any(room.start <= start and end <= room.end for room in rooms):
            yield Entity(EntityKind.PLACE, match.group(), start, end)
    yield from rooms
