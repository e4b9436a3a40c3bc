"""Whether words by themselves name what no group should read: violence at home, minors in harm, suicide, crime leads,
illness, and gatherings or petitions of people, which are no subject of this system at all."""

from __future__ import annotations

import re

_CHILD = (
    r"(?:未成年|小学生|初中生|高中生|小女生|女娃|男娃|女孩|男孩|小姑娘|小孩子?|孩子|娃儿?|娃娃|妹儿|少女|少年|幼童|婴儿|奶娃|双胞胎|兄妹|姐妹|"
    r"[一二三四五六七八九十\d]{1,3}岁的?(?:女|男|娃|孩|小|妹|丫))"
)
_WOMAN = r"(?:老婆|婆娘|媳妇|妻子|女方|女的|女人|丈母娘|婆婆|他妈|她妈|老娘|爹|爸|老人|老太|阿姨|奶奶|爷爷)"
_MANY = (
    r"(?:[几数二三四五六七八九十百千\d]+(?:多|来)?(?:个|名|位|人|户|家)|一群|一帮|好多|大家|一班|一层楼|一个班|全班)"
)
_CUES = re.compile(
    # violence at home and between those who live together
    rf"家暴|家庭暴力|(?:打|揍|殴|掐|踢|砸|砍|扇).{{0,4}}{_WOMAN}|{_WOMAN}.{{0,10}}(?:挨打|被(?:\S{{0,4}})?(?:打|掐|揍|砍|赶出)|哭着?|不敢回|躲到|躲在|躲邻居)|"
    r"扇耳光|皮带抽|保护令|被(?:亲爹|亲妈|老公|丈夫|男人|前夫|儿子|女婿|后爸|继父)\S{0,4}(?:打|掐|锁|揍|砍)|男人要杀|前夫.{0,8}(?:堵|威胁|跟踪|骚扰)|"
    # minors in harm
    rf"性侵|猥亵|强奸|虐待|遗弃|霸凌|校园欺凌|{_CHILD}.{{0,16}}(?:摸她|摸他|陪酒|被打|被锁|一个人饿|没人管|没人接|身上.{{0,4}}(?:伤|青|紫)|跟.{{0,6}}(?:网友|网上).{{0,8}}走|失踪|辍学|没上户口)|"
    r"未成年.{0,12}(?:陪|夜班|喝酒|夜店|歌厅|KTV|酒吧|开房|怀孕)|留守儿童|困境儿童|"
    # danger to oneself
    r"自杀(?!率)|轻生|寻短见|不想活|活着没意思|跳楼|跳河|跳桥|跳江|割腕|割了?手|上吊|遗书|吃了?好多药|喝农药|(?:烧|买)了?炭|自焚|翻过栏杆|(?:我|他|她|要|不给.{0,6}|再不.{0,12})就跳(?!闸)|(?:浇|泼|淋).{0,3}汽油|跟大家告别|"
    # leads of crime
    r"吸毒|贩毒|毒品|针头.{0,4}(?:一地|到处)|锡纸扔|罂粟|割浆|大麻|上头电子烟|嫖|卖淫|招嫖|粉红灯|站街|小姐上门|聚众赌|赌博(?!.{0,4}宣传)|赌场|老虎机|六合彩|(?<!扫)码单|抽头|放水.{0,4}望风|一把输赢|借码|"
    r"传销|拉人头|洗脑.{0,4}课|喊口号.{0,6}(?:出租|住)|非法集资|集资诈骗|理财.{0,8}(?:跑|骗)|跑路.{0,10}(?:投资|理财|本金|养老钱)|(?:投资|理财|养老公寓|炒币|加盟).{0,14}(?:跑路|跑了|返|提不出|年化|拉人|骗)|"
    r"刷单|公检法|假客服|电信诈骗|被骗.{0,6}(?:万|养老|钱)|骗(?:走|去).{0,6}(?:万|取钱|养老|积蓄)|高利贷|套路贷|裸贷|"
    # illness
    rf"精神(?:病|分裂|障碍|失常)(?!院|卫生中心)|发病.{{0,6}}(?:打|砍|砸|追)|(?:停药|断药|没吃药).{{0,10}}(?:打|砍|砸|烧|追|泼|刀)|脑子不(?:清醒|正常).{{0,12}}(?:脱|砍|打|拿)|"
    rf"{_MANY}.{{0,8}}(?:发烧|发热|高烧|呕吐|上吐下泻|拉肚子|腹泻|出疹|起泡|食物中毒|送医)|食物中毒|疑似.{{0,4}}(?:传染|感染)|疫情|艾滋|"
    # gatherings, petitions, cults, harassment
    r"上访|信访(?!局门口|局旁|局对面|办旁|窗口前)|进京|拉横幅|静坐|游行|示威|罢工|(?:集体|司机.{0,6})停运|罢市|聚众|聚集(?!的?(?:蚊|苍蝇|鸽|车|共享))|围堵|堵(?:了|住|在)?.{0,4}(?:大门|政府|项目部|售楼|办公楼|单位门)|讨薪.{0,16}(?:堵|围|人|跳|横幅|聚)|"
    r"维权.{0,6}(?:群|聚|横幅)|邪教|法轮|全能神|传教|性骚扰|咸猪手|偷拍|裙底|露阴|跟踪(?:女|她)|群体性"
)
_ABOUT_IT_ONLY = re.compile(
    r"宣传|预防|公益|广告|横幅(?:挂|掉|破)|展板|牌子|标语|讲座|培训|演练|热线的|知识|咨询室|展览|防诈|反诈|禁毒|(?:办公室|公室|中心|医院|局|所|站)(?:门口|旁|对面|楼下|隔壁|外墙|后面)"
)


def is_sensitive_by_words(text: str) -> bool:
    """Whether the words themselves say so; the notice board about it does not."""
    found = _CUES.search(text)
    if found is None:
        return False
    about = _ABOUT_IT_ONLY.search(text)
    return about is None or _others_than(text, about)


def _others_than(text: str, about: re.Match[str]) -> bool:
    """Whether a cue stands so far from the notice board that it is meant by itself."""
    return any(
        min(abs(cue.start() - about.end()), abs(about.start() - cue.end())) > _FAR for cue in _CUES.finditer(text)
    )


_FAR = 12
