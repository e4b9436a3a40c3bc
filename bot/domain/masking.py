"""Masking of what identifies a person, and of words that no group should read, before any of them reach one."""

from __future__ import annotations

import re

from nlu.wording.accusing import weight_of_accusation
from nlu.wording.sensitive import is_sensitive_by_words

WITHHELD = "〔不在群里写〕"
_ACCUSES = 2.0
_WIDE = "０１２３４５６７８９－＃" + "".join(
    map(chr, (*range(ord("Ａ"), ord("Ｚ") + 1), *range(ord("ａ"), ord("ｚ") + 1)))
)
_NARROW = str.maketrans({sign: chr(ord(sign) - 0xFEE0) for sign in _WIDE})
"""Full-width digits and letters, hyphen and number sign; other signs stay as they are written."""

_DIGIT = r"[0-9零〇○一幺二两三四五六七八九]"
_BREAK = r"[ \u3000.·—–-]{0,2}"
"""What people put between the digits of one number."""

_ALONE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_NUMBER = r"[0-9A-Za-z零〇一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]"
_BUILDING = r"(?:栋|幢|座|号楼|(?<=\d)#)"
_PROVINCE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_LETTER = r"[A-HJ-NP-Z]"
_NO_ROOM = r"(?!\d|[—-]|\s*(?:元|块|米|人|个|次|度|年|月|日|号|天|点|时|楼|层))"


def _digits(count: int) -> str:
    return rf"(?:{_BREAK}\d){{{count}}}"


_IDENTITIES = (
    # place, date of birth, number: however it is cut into groups
    (
        rf"{_ALONE}[1-9]{_digits(5)}{_BREAK}(?:1{_BREAK}9|2{_BREAK}0){_digits(2)}"
        rf"{_BREAK}[01]{_digits(1)}{_BREAK}[0-3]{_digits(4)}{_BREAK}[0-9Xx]{_END}",
        "〔身份证号〕",
    ),
    (rf"{_ALONE}\d{{15,19}}{_END}", "〔卡号〕"),
    (rf"{_ALONE}(?!(?:19|20)\d\d)\d{{4}}(?:[ -]\d{{4}}){{3}}(?:[ -]?\d{{1,4}})?{_END}", "〔卡号〕"),
    (r"((?:银行|社保|医保)卡号?|卡号|账号)([^0-9\n]{0,4})\d[\d -]{6,}\d", r"\1\2〔卡号〕"),
    (
        r"((?:护照|通行证|台胞证|回乡证|居留证|军官证|士官证|警官证|残疾证|身份证)(?:件?号码?)?)"
        r"([^0-9A-Za-z\n〔]{0,4})[A-Za-z]{0,2}[^0-9A-Za-z\n〔]{0,4}\d{6,}[A-Za-z]?",
        r"\1\2〔证件号〕",
    ),
    (rf"{_ALONE}(?:[EGDSPHMC]\d{{8}}(?:\d\d)?|E[A-Z]\d{{7}}){_END}", "〔证件号〕"),
)
_PHONES = (
    (rf"(?<!\d)(?:(?:[+＋]|00)?86{_BREAK})?1{_BREAK}[3-9]{_digits(9)}(?!\d)", "〔电话〕"),
    # as it is dictated; what follows may be a number too, such as a unit
    (rf"[一幺]{_BREAK}[3-9三四五六七八九](?:{_BREAK}{_DIGIT}){{9}}", "〔电话〕"),
    (rf"(?<!\d)[(（]?0(?:10|2\d|[3-9]\d{{2}})[)）]?{_BREAK}\d{{3,4}}{_BREAK}\d{{4}}(?!\d)", "〔电话〕"),
    (rf"((?:电话|座机|固话|手机|[Tt]el)号?码?[:：是]?\s*)[2-8]\d{{2,3}}{_BREAK}\d{{4}}(?!\d)", r"\1〔电话〕"),
    (r"((?:微信|[Qq][Qq]|[VvWw][Xx])号?[:：是]?\s*)[A-Za-z0-9_-]{5,20}", r"\1〔账号〕"),
    (r"(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", "〔邮箱〕"),
)
_PLATES = (
    (
        rf"{_PROVINCE}\s?{_LETTER}\s?[·•・.-]?\s?(?={_LETTER}{{0,3}}\d{{2}})"
        rf"(?:[A-HJ-NP-Z0-9]{{4}}[警学挂港澳领]|[A-HJ-NP-Z0-9]{{5,6}})",
        "〔车牌〕",
    ),
    (rf"{_ALONE}WJ\s?{_PROVINCE}?\s?\d{{4,5}}[A-Z]?{_END}", "〔车牌〕"),
    (
        rf"((?:车牌|车号|牌照)(?:号码?)?[:：是为]?\s*){_LETTER}?[·•・.-]?(?={_LETTER}*\d)[A-Z0-9]{{4,7}}{_END}",
        r"\1〔车牌〕",
    ),
)
_HOMES = (
    (
        rf"(?:{_ALONE}{_NUMBER}{{1,4}}|[东西南北中左右])\s*单元(?:\s*{_NUMBER}{{1,3}}\s*[楼层])?"
        rf"(?:\s*\d{{1,2}}\s*[-—]\s*\d{{1,4}}|\s*{_DIGIT}{{1,4}})?(?:(?<={_DIGIT})\s*[室号户])?(?!\d)",
        "〔单元〕",
    ),
    (rf"({_BUILDING})\s*\d{{1,2}}\s*单\s*{_DIGIT}{{3,4}}", r"\1〔房号〕"),
    (
        rf"({_BUILDING})\s*[-—#]?\s*(?:\d{{1,2}}\s*[-—]\s*\d{{1,4}}{_NO_ROOM}"
        rf"|{_DIGIT}{{3,4}}(?!{_DIGIT})\s*[室号户]?|\d{{1,2}}\s*[室户])",
        r"\1〔房号〕",
    ),
    (r"(?<![0-9A-Za-z])\d{1,3}\s*[-—]\s*\d{1,2}\s*[-—]\s*\d{1,4}(?!\d)", "〔楼栋〕"),
    (rf"(?<=\d号)\s*\d{{1,2}}\s*[-—]\s*\d{{1,4}}{_NO_ROOM}", "〔房号〕"),
    (
        r"(?<![0-9A-Za-z—-])\d{1,2}\s*[-—]\s*[1-9]\d{2,3}(?![\d—-]|\s*(?:元|块|米|人|个|次|度|年|天))",
        "〔房号〕",
    ),
    (
        rf"(?<![0-9A-Za-z零〇一二三四五六七八九十百千]){_DIGIT}{{3,4}}\s*(?:室|号?房间?(?![子屋租价产东管源]))",
        "〔房号〕",
    ),
    (r"(?<![0-9A-Za-z+-])\d{1,2}[Ff](?![0-9A-Za-z])", "〔楼层〕"),
    (
        r"(?<![0-9A-Za-z负])[0-9一二三四五六七八九十]{1,3}\s*[楼层](?!道|顶|梯|下|上|盘|房|宇|栋|板|外|里|内|面|间|的)",
        "〔楼层〕",
    ),
)
_MAY_IDENTIFY = re.compile(
    r"[0-9０-９零〇○一幺二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾@＠]|单元|微信|[QqＱｑWwＷｗVv]", re.IGNORECASE
)
"""Without one of these no rule below finds anything: most texts are names and need no look at each."""

_RULES = [
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (*_IDENTITIES, *_PHONES, *_PLATES, *_HOMES)
]


def mask(text: str) -> str:
    """The text with phone, ID and plate numbers, unit, floor and room replaced; the building stays; idempotent.

    Words that name a sensitive matter or accuse an official are withheld altogether, whoever wrote them and wherever.
    """
    return WITHHELD if is_unfit(text) else mask_numbers(text)


def mask_numbers(text: str) -> str:
    """The same for those who work on the matter, in private: the words stay, what identifies a person goes."""
    if not _MAY_IDENTIFY.search(text):
        return text
    text, before = text.translate(_NARROW), ""
    while text != before:  # what is gone may have stood in the way of what stands beside it
        before = text
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
