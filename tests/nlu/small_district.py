"""A list of five items and a handful of messages: enough to train a real model in seconds."""

from __future__ import annotations

from pathlib import Path

from nlu.backend import ListItem
from nlu.entities.district import PlaceName

ITEMS = (
    ListItem(
        "SZ-03",
        "道路井盖缺损",
        "市政道路上的井盖丢失、破裂、移位、翘起。",
        "小区、院落围墙以内的井盖→ZF-03；路灯→SZ-04。",
    ),
    ListItem("ZF-03", "小区井盖缺损", "小区、院落围墙内的井盖丢失、破裂、下陷。", "市政道路上的井盖→SZ-03。"),
    ListItem("SZ-04", "路灯不亮", "市政道路路灯单盏或整段不亮、灯杆歪倒。", "井盖→SZ-03。"),
    ListItem("SR-01", "街面暴露垃圾", "生活垃圾成堆没人清，街边垃圾桶满溢，路上有动物尸体。", "路灯→SZ-04。"),
    ListItem("XF-05", "火情火警", "正在着火、冒浓烟，车辆、房屋起火。", "垃圾→SR-01。", emergency=True),
)
PLACES = (
    PlaceName("JL01", "望澜街道"),
    PlaceName("JL0101", "柳荫社区", "JL01"),
    PlaceName("JL0301", "云栈口社区", "JL03"),
)

MESSAGES = {
    "report_SZ-03": ["马路上井盖没了", "路口的井盖翘起来了", "人行道井盖破了一半", "井盖被车压得哐哐响，松了"],
    "report_ZF-03": ["我们小区里面井盖烂了", "小区3栋门口井盖塌下去了", "院子里的井盖不见了", "小区内下水井盖破了"],
    "report_SZ-04": ["柳荫路整条街路灯不亮", "路灯坏了好几天了，黑得很", "灯杆歪了快倒了", "街上路灯一闪一闪的"],
    "report_SR-01": ["街边垃圾桶满了没人收", "垃圾堆了一地，臭得很", "路边好大一堆生活垃圾", "有只死猫在马路中间"],
    "report_XF-05": ["五楼着火了，冒黑烟", "有辆车在路边烧起来了", "屋里起火了快来人", "楼上窗户冒浓烟"],
    "sign": ["收到，马上安排", "收到马上去", "已签收", "好的收到，这就派人"],
    "progress": ["已到现场，正在抢修", "师傅在路上了", "正在处理，还要一个小时", "已经派人过去看了"],
    "report_back": ["已处理完毕，见图", "已经修好了，恢复正常", "井盖已更换到位", "垃圾已清运完成"],
    "return": ["这不归我们管，退回", "不是我们的职责，请转给住建", "退回，应由物业负责", "不属于我单位，申请退单"],
    "status": ["我报的那个单子到哪一步了", "0007办得怎么样了", "查一下进度", "现在是什么情况，修了没有"],
    "urge": ["催一下，都三天了", "怎么还没人来，麻烦催办", "再催催他们", "请尽快处理，催了好几次了"],
    "chatter": ["今天中午吃什么", "哈哈哈哈", "明天上午九点开会", "请各网格今天下班前报送台账", "辛苦了大家", "周末去爬山吗"],
    "greeting": ["大家早上好", "各位好", "你好", "早"],
    "accusation": ["网格员收了老板的烟不管事", "城管的人收黑钱", "社区书记办事只照顾亲戚"],
    "danger": ["快来人有人要跳楼", "电线掉下来打到人了", "屋里着火还有老人没出来"],
}  # fmt: skip


def write_messages(folder: Path, messages: dict[str, list[str]] = MESSAGES) -> Path:
    """Writes them as one Rasa YAML file into the folder and returns the folder."""
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in messages.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
