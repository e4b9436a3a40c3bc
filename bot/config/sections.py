"""The sections of `config.yml`: typed, frozen and closed; what may be wrong with one value is said at that value."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.domain.limits import InvalidLimit, parse_limit
from bot.domain.rules import AnswerSignature, Verifier
from bot.domain.ticket import Level

LONGEST_SECRET = 256


def _limit(text: str) -> str:
    try:
        return str(parse_limit(text))
    except InvalidLimit:
        raise ValueError("is no limit such as 2工作时, 3工作日, 0.5紧急工作时 or 1自然日") from None


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone such as Asia/Shanghai") from None
    return text


def _web_address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("is no address that begins with http:// or https://")
    return text.rstrip("/")


def _local_time(moment: time) -> time:
    if moment.tzinfo is not None:
        raise ValueError("is no local time of day such as 08:30")
    return moment


LocalTime = Annotated[time, AfterValidator(_local_time)]
DelegatedAct = Literal["启动", "签发", "派单", "督促"]
"""What a leader may give to his delegate, by its word."""

LimitText = Annotated[str, AfterValidator(_limit)]
ZoneName = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(ge=1)]
Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]
Words = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """A group of settings; an unknown one is a mistake, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Phones(Section):
    """Numbers that people are told; none is ever called by the program."""

    complaints: Words = "12388"
    petition_name: str = ""
    petition_phone: str = ""


class DistrictSection(Section):
    """Who we are."""

    name: Words
    ticket_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")]
    zone: ZoneName = "Asia/Shanghai"
    phones: Phones = Phones()


class CatalogueSection(Section):
    """The four files of the list; a path is relative to the file that names it."""

    items: Path
    departments: Path
    units: Path
    streets: Path
    name: str = ""


class Hours(Section):
    """Local time from opening to closing within one day."""

    opens: LocalTime
    closes: LocalTime


class OwnDay(Section):
    """The district's own word on a single day, above every notice."""

    date: date
    works: bool
    name: str = ""


class CalendarSection(Section):
    """Office hours, single days, and the files of notices that the program does not bring along."""

    office_hours: tuple[Hours, ...] = (Hours(opens=time(9), closes=time(12)), Hours(opens=time(13), closes=time(17)))
    days: tuple[OwnDay, ...] = ()
    notices: tuple[Path, ...] = ()

    @field_validator("office_hours")
    @classmethod
    def _in_order(cls, hours: tuple[Hours, ...]) -> tuple[Hours, ...]:
        ends = [moment for period in hours for moment in (period.opens, period.closes)]
        if not ends or ends != sorted(ends) or any(period.opens == period.closes for period in hours):
            raise ValueError("must open before they close, in the order of the day and without overlap")
        return hours

    @field_validator("days")
    @classmethod
    def _each_once(cls, days: tuple[OwnDay, ...]) -> tuple[OwnDay, ...]:
        dates = [day.date for day in days]
        twice = next((day for day in dates if dates.count(day) > 1), None)
        if twice:
            raise ValueError(f"names {twice} twice")
        return days


class RulesSection(Section):
    """The district's choices; limits are written as in the list. `standing_authority` is `all` or item codes."""

    direct_levels: frozenset[Level] = frozenset({Level.ORDINARY})
    standing_authority: frozenset[str] | None = frozenset()
    standing_title: str = ""
    community_calls_street: frozenset[str] = frozenset()
    emergency_departments: frozenset[str] = frozenset()
    answer_signature: AnswerSignature = AnswerSignature.NONE
    verifier: Verifier = Verifier.REPORTER
    undelivered_after_minutes: Minutes = 10
    undo_seconds: Annotated[int, Field(ge=0, le=600)] = 30
    similar_within_days: Annotated[int, Field(ge=1, le=90)] = 3
    delegate_acts: tuple[DelegatedAct, ...] = ("启动", "签发", "派单", "督促")
    start_limit: LimitText = "2工作时"
    hub_limit: LimitText = "2工作时"
    hub_emergency_limit: LimitText = "0.5紧急工作时"
    ruling_limit: LimitText = "4工作时"
    dispute_limit: LimitText = "5工作日"
    street_answer_limit: LimitText = "4工作时"
    release_limit: LimitText = "4工作时"
    verification_limit: LimitText = "3工作日"
    self_sign_limit: LimitText = "2工作时"
    mistakes_before_private: Positive = 3
    max_rounds: Positive = 3
    urges_per_assignment: Positive = 3
    urge_distance_minutes: Minutes = 120
    draft_expires_at: LocalTime = time(12)
    resident_passes_on_after_minutes: Minutes = 15

    @field_validator("standing_authority", mode="before")
    @classmethod
    def _all_or_codes(cls, value: object) -> object:
        if value == "all":
            return None
        if not isinstance(value, (list, tuple, frozenset)):
            raise ValueError("is neither `all` nor a list of item codes")
        return value


class UnderstandingSection(Section):
    """From which probability on something is done; without the first two the trained model's own values hold."""

    accept_confidence: Share | None = None
    accept_margin: Share | None = None
    report_sure: Share = 0.9
    report_ask: Share = 0.5

    @model_validator(mode="after")
    def _fit_together(self) -> UnderstandingSection:
        if self.report_ask > self.report_sure:
            raise ValueError("report_ask must not be greater than report_sure")
        if (self.accept_confidence is None) != (self.accept_margin is None):
            raise ValueError("accept_confidence and accept_margin are given both or not at all")
        return self


class DeliverySection(Section):
    """How much may be sent, and between which local times a message may ring."""

    group_per_minute: Annotated[int, Field(ge=1, le=20)] = 20
    chat_per_second: Annotated[float, Field(gt=0, le=1)] = 1.0
    all_per_second: Annotated[int, Field(ge=1, le=30)] = 25
    rings_from: LocalTime = time(8)
    rings_to: LocalTime = time(21)

    @model_validator(mode="after")
    def _within_a_day(self) -> DeliverySection:
        if self.rings_from >= self.rings_to:
            raise ValueError("rings_from must be earlier than rings_to")
        return self


class RetentionSection(Section):
    """After how many days something is deleted; the history of a ticket is not, only erased by `jiehu erase`."""

    raw_updates_days: Positive = 30
    sent_texts_days: Positive = 180
    tokens_days: Positive = 30
    closed_questions_days: Positive = 30
    used_codes_days: Positive = 90
    ended_drafts_days: Positive = 90
    replaced_examples_days: Positive = 90


class TelegramMode(StrEnum):
    """How updates come in."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class WebhookSection(Section):
    """Where Telegram sends updates; the secret stands in TELEGRAM_WEBHOOK_SECRET and never in a file."""

    url: WebAddress = ""
    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8443
    secret: SecretStr | None = None

    @field_validator("secret")
    @classmethod
    def _allowed(cls, secret: SecretStr | None) -> SecretStr | None:
        words = secret.get_secret_value() if secret else "x"
        if len(words) > LONGEST_SECRET or not words.replace("_", "").replace("-", "").isalnum() or not words.isascii():
            raise ValueError("may hold only 1 to 256 letters, digits, _ and -")
        return secret


class TelegramSection(Section):
    """The Bot API server; the token stands in TELEGRAM_TOKEN and never in a file."""

    mode: TelegramMode = TelegramMode.POLLING
    base_url: WebAddress = "https://api.telegram.org"
    base_file_url: WebAddress = ""
    webhook: WebhookSection = WebhookSection()
    token: SecretStr | None = None

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> TelegramSection:
        if self.mode is TelegramMode.WEBHOOK and not self.webhook.url.startswith("https://"):
            raise ValueError("webhook.url must be an https:// address when mode is webhook")
        return self


class StorageSection(Section):
    """Where everything is kept; folders are relative to the file that names them."""

    database_url: Words = "sqlite+aiosqlite:///data/jiehu.db"
    redis_url: str = ""
    files: Path = Path("data/files")
    models: Path = Path("data/models")


class NluSection(Section):
    """Which backend understands; `rasa_url` is a Rasa server's, `data` a folder of training files of one's own.

    `own_process`: the local backend reads in a process beside the bot's, else in a thread of it.
    """

    backend: Annotated[str, Field(pattern=r"^(local|rasa)$")] = "local"
    own_process: bool = True
    rasa_url: WebAddress = ""
    data: Path | None = None


class DelegateSection(Section):
    """Somebody who may do for his leader just these acts."""

    name: Words
    may: tuple[DelegatedAct, ...]


class LeaderSection(Section):
    """A district leader by the name he uses in Telegram, his post, and the streets he answers for, who acts for him (经办人)."""

    name: Words
    post: str = ""
    streets: tuple[str, ...] = ()
    delegates: tuple[str | DelegateSection, ...] = ()

    def named(self) -> tuple[str, ...]:
        """The delegates by name."""
        return tuple(each if isinstance(each, str) else each.name for each in self.delegates)

    def may(self) -> dict[str, frozenset[str]]:
        """What single delegates may do, where that differs from the district's rule."""
        return {each.name: frozenset(each.may) for each in self.delegates if isinstance(each, DelegateSection)}
