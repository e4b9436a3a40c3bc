"""Masking of what identifies a person, and of words that no group should read, before any of them reach one."""

from __future__ import annotations

import re

from nlu.wording.accusing import weight_of_accusation
from nlu.wording.sensitive import is_sensitive_by_words

WITHHELD = "〔不在群里写〕"
_ACCUSES = 2.0
_NUMBER = r"[0-9A-Za-z一二三四五六七八九十]"
_BUILDING = r"(?:栋|幢|座|号楼)"
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5} ?(?:19|20)\d{2} ?[01]\d ?[0-3]\d ?\d{3}[0-9Xx](?![0-9A-Za-z])"),
        "〔身份证号〕",
    ),
    (re.compile(r"(?<![0-9A-Za-z])\d{16,19}(?![0-9A-Za-z])"), "〔卡号〕"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"), "〔电话〕"),
    (re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"), "〔电话〕"),
    (
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?"
            r"(?=[A-HJ-NP-Z]{0,3}\d{2})[A-HJ-NP-Z0-9]{5,6}",
            re.IGNORECASE,
        ),
        "〔车牌〕",
    ),
    (
        re.compile(
            rf"(?<![0-9A-Za-z]){_NUMBER}{{1,4}}\s*单元(?:\s*{_NUMBER}{{1,3}}\s*[楼层])?(?:\s*\d{{1,4}}\s*[室号户]?)?(?!\d)"
        ),
        "〔单元〕",
    ),
    (re.compile(rf"({_BUILDING})\s*[-—]?\s*(?:\d{{3,4}}(?!\d)\s*[室号户]?|\d{{1,2}}\s*[室户])"), r"\1〔房号〕"),
    (re.compile(r"(?<![0-9A-Za-z])\d{1,3}\s*[-—]\s*\d{1,2}\s*[-—]\s*\d{1,4}(?!\d)"), "〔楼栋〕"),
    (
        re.compile(r"(?<![0-9A-Za-z—-])\d{1,2}\s*[-—]\s*[1-9]\d{2,3}(?![\d—-]|\s*(?:元|块|米|人|个|次|度|年|天))"),
        "〔房号〕",
    ),
    (re.compile(r"(?<![0-9A-Za-z])\d{3,4}\s*(?:室|号?房(?![子屋间租价产东管源]))"), "〔房号〕"),
    (re.compile(r"(?<![0-9A-Za-z+-])\d{1,2}[Ff](?![0-9A-Za-z])"), "〔楼层〕"),
    (
        re.compile(
            r"(?<![0-9A-Za-z负])[0-9一二三四五六七八九十]{1,3}\s*[楼层](?!道|顶|梯|下|上|盘|房|宇|栋|板|外|里|内|面|间|的)"
        ),
        "〔楼层〕",
    ),
)


def mask(text: str) -> str:
    """The text with phone, ID and plate numbers, unit, floor and room replaced; the building stays; idempotent.

    Words that name a sensitive matter or accuse an official are withheld altogether, whoever wrote them and wherever.
    """
    return WITHHELD if is_unfit(text) else mask_numbers(text)


def mask_numbers(text: str) -> str:
    """The same for those who work on the matter, in private: the words stay, what identifies a person goes."""
    text = text.translate(_NARROW)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾"
    "夏韦付邹孟熊秦邱江尹薛闫段雷侯龙陶黎贺顾毛郝龚邵钱严覃武戴莫孔牟岳"
)
_ADDRESSED = re.compile(
    rf"[{_SURNAMES}](?:大爷|大妈|大娘|大婶|大叔|大哥|大姐|阿姨|奶奶|爷爷|婆婆|老太|老伯|先生|女士|某某?)"
)
_NAMED = re.compile(
    rf"(?<=住户|户主|居民|村民|群众|业主|老人|孕妇|伤员|伤者)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=已|被|等|一家|家|[、，。；（(\s]|$)"
)


def mask_people(text: str) -> str:
    """Besides what `mask` takes away, the people who are named in a line of a log: how many stays, who does not."""
    return _NAMED.sub("〔姓名〕", _ADDRESSED.sub("〔姓名〕", mask(text)))


def is_unfit(text: str) -> bool:
    """Whether the words by themselves say that no group should read them, whatever was understood before."""
    return is_sensitive_by_words(text) or weight_of_accusation(text) >= _ACCUSES
