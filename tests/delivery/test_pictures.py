"""Files follow their message as silent replies; a server that takes none holds nobody up."""

from __future__ import annotations

from bot.application.records import Attachment, AttachmentUse
from bot.application.telling import assignment_subject
from bot.playground import samples
from bot.playground.model import Message
from tests.delivery.desk import MINIMAL_METHODS, STREET, UNIT, Desk


async def test_photos_follow_the_card_and_belong_to_it(desk: Desk) -> None:
    hashes = [await _photo(desk, kind) for kind in ("井盖", "路灯")]
    assignment = await desk.call(photo_hashes=hashes)
    await desk.drain()
    card, *photos = desk.said(UNIT)
    assert [_is_photo(each) for each in photos] == [True, True]
    assert all(each.reply_to == card.message_id and each.silent for each in photos)
    assert len({each.posting.media_group for each in photos}) == 1
    async with desk.store.read() as uow:
        for each in photos:
            found = await uow.messages.subject_of(desk.chat(UNIT), each.message_id)
            assert found == assignment_subject(assignment.id)


async def test_photos_are_sent_with_the_first_showing_only(desk: Desk) -> None:
    assignment = await desk.call(photo_hashes=[await _photo(desk, "井盖")])
    await desk.drain()
    async with desk.store.begin() as uow:
        stored = await uow.assignments.get(assignment.id)
        assert stored is not None
        stored.last_progress, stored.last_progress_at = "已到现场", desk.clock.now()
        await uow.assignments.save(stored)
        await uow.cards.want_all(assignment_subject(assignment.id))
        await uow.commit()
    await desk.drain()
    assert len([each for each in desk.said(UNIT) if _is_photo(each)]) == 1


async def test_a_known_file_id_needs_no_bytes_and_a_bad_one_falls_back_to_them(desk: Desk) -> None:
    stored = desk.play.world.files.keep(samples.picture("井盖"), "a.png", "image/png")
    known = await _photo(desk, "井盖", file_id=stored.file_id, keep=False)
    unknown = await _photo(desk, "路灯", file_id="nobody-knows-it")
    await desk.say(STREET, "J1", attachment_hashes=(known,))
    await desk.say(STREET, "J2", attachment_hashes=(unknown,))
    await desk.drain()
    assert sum(_is_photo(each) for each in desk.said(STREET)) == 2


async def test_a_minimal_server_gets_the_text_at_once_and_is_asked_twice_for_the_photos(desk: Desk) -> None:
    desk.play.faults.only(MINIMAL_METHODS)
    assignment = await desk.call(photo_hashes=[await _photo(desk, "井盖")])
    await desk.drain()
    [card] = desk.said(UNIT)
    assert "签收" in str(card.buttons)
    async with desk.store.read() as uow:
        stored = await uow.assignments.get(assignment.id)
    assert stored is not None and stored.delivered_at is not None
    desk.play.faults.only(None)
    await desk.drain()
    assert len(desk.said(UNIT)) == 1


async def test_a_slow_photo_holds_nothing_in_its_chat(desk: Desk) -> None:
    desk.play.faults.hang(1.5, "sendPhoto")
    await desk.say(UNIT, "J1", attachment_hashes=(await _photo(desk, "井盖"),))
    await desk.say(UNIT, "J2")
    await desk.drain()
    said = desk.said(UNIT)
    assert [_is_photo(each) for each in said] == [False, False, True]
    assert said[2].reply_to == said[0].message_id


async def _photo(desk: Desk, kind: str, *, file_id: str = "", keep: bool = True) -> str:
    content = samples.picture(kind)
    digest = await desk.files.put(content) if keep else "0" * 64
    async with desk.store.begin() as uow:
        found = Attachment(digest, "image/png", len(content), file_id, stored=keep)
        await uow.attachments.add(found, at=desk.clock.now())
        await uow.attachments.use(AttachmentUse(digest, assignment_subject(0), "report", desk.clock.now()))
        await uow.commit()
    return digest


def _is_photo(message: Message) -> bool:
    return message.content.media is not None
