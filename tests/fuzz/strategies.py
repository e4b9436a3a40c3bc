"""Updates as no client should send them: odd kinds, missing fields, hostile texts and names, deep nesting."""

from __future__ import annotations

import copy

from hypothesis import strategies as st

from tests.support.world import COMMUNITY, HUB, LEADERS, LI, MIXED, RESIDENT, STREET, UNIT, WANG

Json = dict[str, object]
NOW = 1_795_399_200
GROUPS = (STREET, UNIT, HUB, MIXED, COMMUNITY, LEADERS)
PRIVATE = (LI, WANG, RESIDENT)
HOSTILE = (
    "<b>粗</b> & <script>alert(1)</script> </b><a href='tg://user?id=1'>x</a>",
    "{{ 7*7 }} {% for x in y %} %s %(name)s",
    "\u202e倒着写的字\u202c\u200f\u200e",
    "路灯不亮\x00，柳荫路12号\x07门口\x1b[31m",
    "路灯不亮\ud83d，柳荫路\udc00\ud800",
    "路灯不亮，" + "柳" * 4000 + "路12号",
    "👩‍👩‍👧‍👦" * 200,
    "9" * 400,
    "JL-20261123-" + "0" * 50,
    "\n\n \t ",
    "' OR 1=1; DROP TABLE inbox; --",
    "@jiehu_demo_bot @jiehu_demo_bot",
)
ORDINARY = (
    "路灯不亮，柳荫路12号门口",
    "收到",
    "上报",
    "已处理完毕",
    "不是上报",
    "进度 0001",
    "转承办人 <b>张工</b>",
    "满意",
)
COMMANDS = tuple(
    f"/{name}"
    for name in (
        *("report", "status", "mine", "why", "item", "board", "urge", "withdraw", "dispatch", "reopen", "mute"),
        *("lang", "authorise", "start", "bind", "join", "code", "revoke", "checklist", "hand_on", "nonsense"),
    )
)

hostile = st.integers(0, len(HOSTILE) - 1).map(HOSTILE.__getitem__)
words = st.one_of(
    hostile,
    st.sampled_from(ORDINARY),
    st.sampled_from(COMMANDS),
    st.builds(" ".join, st.tuples(st.sampled_from(COMMANDS), hostile | st.sampled_from(ORDINARY))),
    st.text(max_size=60),
    st.text(st.characters(codec=None), max_size=20),
)
names = st.one_of(hostile, st.text(max_size=80), st.sampled_from(("李网格", "<i>", "")))
ids = st.sampled_from((LI, WANG, RESIDENT, 990_001, 990_002, 777_000, 1_087_968_824, 136_817_688, 2**52 - 1))


def users() -> st.SearchStrategy[Json]:
    """Members, strangers, bots, anonymous administrators, Telegram itself."""
    needed = {"id": ids, "is_bot": st.booleans(), "first_name": names}
    return st.fixed_dictionaries(needed, optional={"last_name": names, "username": names, "language_code": names})


def chats() -> st.SearchStrategy[Json]:
    """Groups that are bound, private chats, and chats that nobody knows."""
    known = st.sampled_from(GROUPS).map(lambda number: {"id": number, "type": "supergroup", "title": "<群>"})
    private = st.sampled_from(PRIVATE).map(lambda number: {"id": number, "type": "private", "first_name": "<李>"})
    unknown = st.fixed_dictionaries(
        {
            "id": st.sampled_from((-777_001, -777_002, -1_009_999_999_999)),
            "type": st.sampled_from(("group", "channel")),
        },
        optional={"title": names, "is_forum": st.booleans()},
    )
    return st.one_of(known, known, private, unknown)


def files() -> st.SearchStrategy[Json]:
    """A file that cannot be fetched."""
    return st.fixed_dictionaries({"file_id": names, "file_unique_id": names}, optional={"file_size": st.integers(0)})


def contents() -> st.SearchStrategy[Json]:
    """One of the many things that a message can be."""
    sized = st.builds(
        lambda file: file | {"width": 9, "height": 9, "duration": 1, "length": 1, "mime_type": "x"}, files()
    )
    sticker = st.builds(lambda f: f | {"type": "regular", "is_animated": False, "is_video": False}, sized)
    entity = st.fixed_dictionaries(
        {"type": st.sampled_from(("bot_command", "mention", "url", "odd")), "offset": st.integers(-9, 5000)},
        optional={"length": st.integers(-9, 5000)},
    )
    poll = {"id": "1", "question": "<b>", "options": [], "total_voter_count": 0, "is_closed": False}
    poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": False}
    place = {"location": {"latitude": 30.1, "longitude": 104.2}, "title": "<店>", "address": "x" * 300}
    return st.one_of(
        st.fixed_dictionaries({"text": words}, optional={"entities": st.lists(entity, max_size=3)}),
        st.fixed_dictionaries(
            {"photo": st.lists(sized, max_size=3)}, optional={"caption": words, "media_group_id": names}
        ),
        sized.map(lambda media: {"voice": media}),
        sized.map(lambda media: {"video_note": media}),
        sized.map(lambda media: {"document": media | {"mime_type": "image/png"}}),
        sticker.map(lambda media: {"sticker": media}),
        st.just({"poll": poll}),
        st.just({"dice": {"emoji": "🎲", "value": 6}}),
        names.map(lambda name: {"contact": {"phone_number": "138", "first_name": name}}),
        st.just({"location": place["location"]}),
        st.just({"venue": place}),
        st.lists(users(), max_size=2).map(lambda some: {"new_chat_members": some}),
        users().map(lambda one: {"left_chat_member": one}),
        names.map(lambda name: {"new_chat_title": name}),
        st.just({"group_chat_created": True}),
        st.just({"text": None}),
        st.just({}),
    )


def _message(chat: Json, sender: Json | None, content: Json, odd: Json, number: int, answered: Json | None) -> Json:
    message: Json = {"message_id": number, "date": NOW, "chat": chat} | content | odd
    if sender is not None:
        message["from"] = sender
    if answered is not None:
        message["reply_to_message"] = {**answered, "chat": chat}
    return message


def messages() -> st.SearchStrategy[Json]:
    """A message, perhaps in reply to one in reply to one …, perhaps of a channel, perhaps forwarded."""
    odd = st.fixed_dictionaries(
        {},
        optional={
            "edit_date": st.just(NOW),
            "sender_chat": chats(),
            "via_bot": users(),
            "message_thread_id": st.integers(0, 9),
            "is_topic_message": st.booleans(),
            "is_automatic_forward": st.booleans(),
            "author_signature": names,
            "media_group_id": st.sampled_from(("1", "2")),
        },
    )
    sender, number = st.none() | users(), st.integers(1, 60)
    plain = st.builds(_message, chats(), sender, contents(), odd, number, st.none())
    return st.recursive(
        plain, lambda inner: st.builds(_message, chats(), sender, contents(), odd, number, inner), max_leaves=6
    )


def _query(sender: Json, message: Json | None, data: object) -> Json:
    query: Json = {"id": "77", "from": sender, "chat_instance": "1"}
    query |= {} if message is None else {"message": message}
    return query if data is None else query | {"data": data}


def updates() -> st.SearchStrategy[Json]:
    """An update without its number, whole."""
    member = st.builds(
        lambda user, status: {"user": user, "status": status}, users(), st.sampled_from(("left", "member"))
    )
    moved = st.builds(
        lambda chat, sender, old, new: {
            **{"chat": chat, "from": sender, "date": NOW, "old_chat_member": old, "new_chat_member": new}
        },
        *(chats(), users(), member, member),
    )
    inline = st.builds(lambda user, query: {"id": "5", "from": user, "query": query, "offset": ""}, users(), words)
    reaction = {"chat": {"id": STREET, "type": "supergroup"}, "message_id": 3, "date": NOW, "old_reaction": []}
    return st.one_of(
        messages().map(lambda message: {"message": message}),
        messages().map(lambda message: {"edited_message": message}),
        messages().map(lambda message: {"channel_post": message}),
        messages().map(lambda message: {"business_message": message}),
        st.builds(_query, users(), st.none() | messages(), st.none() | words).map(lambda q: {"callback_query": q}),
        moved.map(lambda change: {"my_chat_member": change}),
        moved.map(lambda change: {"chat_member": change}),
        inline.map(lambda query: {"inline_query": query}),
        users().map(lambda user: {"poll_answer": {"poll_id": "1", "user": user, "option_ids": [0]}}),
        st.just({"message_reaction": reaction | {"new_reaction": [{"type": "emoji", "emoji": "👍"}]}}),
        st.dictionaries(
            st.sampled_from(("guest_message", "odd", "message")), st.none() | st.integers() | words, max_size=2
        ),
    )


JUNK = (None, "", "x", 0, -1, 2**70, 1.5, True, [], {}, [None], {"id": None}, [[[]]])


def _paths(value: object, so_far: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [so_far] if so_far else []
    if isinstance(value, dict):
        for key, each in value.items():
            found += _paths(each, (*so_far, key))
    if isinstance(value, list):
        for number, each in enumerate(value):
            found += _paths(each, (*so_far, number))
    return found


@st.composite
def damaged(draw: st.DrawFn) -> Json:
    """An update from which something was taken away, or where something else stands instead."""
    update = copy.deepcopy(draw(updates()))
    for _ in range(draw(st.integers(1, 3))):
        paths = _paths(update)
        if not paths:
            break
        *way, last = draw(st.sampled_from(paths))
        place: object = update
        for step in way:
            place = place[step]  # type: ignore[index]
        if draw(st.booleans()):
            del place[last]  # type: ignore[attr-defined]
        else:
            place[last] = copy.deepcopy(draw(st.sampled_from(JUNK)))  # type: ignore[index]
    return update
