"""The whole of `config.yml` as one frozen value, and the small typed values that the parts of the program take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr

from bot.catalogue_files import CataloguePaths
from bot.config import calling, clocks, guest, sections
from bot.config.merging import MergingSection
from bot.config.two_way import TwoWaySection
from bot.config.yaml_lines import Key
from bot.domain.catalogue import Catalogue
from bot.domain.commanding import EnforcementRules
from bot.domain.leading import StreetLeader
from bot.domain.merging import may_be_counted
from bot.domain.rules import Rules
from bot.domain.street_call import OFFICES
from bot.domain.work_calendar import OfficePeriod, Override
from nlu.decision import Thresholds

TOKEN_MISSING = "TELEGRAM_TOKEN is not set: put the token that @BotFather gave you into the environment."
SECRET_MISSING = "TELEGRAM_WEBHOOK_SECRET is not set: telegram.mode webhook needs one."


class Config(sections.Section):
    """Everything the operator may choose; made by `bot.config.load_config`, checked as a whole."""

    district: sections.DistrictSection
    catalogue: sections.CatalogueSection
    calendar: sections.CalendarSection = sections.CalendarSection()
    rules_section: sections.RulesSection = Field(default=sections.RulesSection(), alias="rules")
    understanding: sections.UnderstandingSection = sections.UnderstandingSection()
    delivery: sections.DeliverySection = sections.DeliverySection()
    digests: guest.DigestsSection = guest.DigestsSection()
    retention: sections.RetentionSection = sections.RetentionSection()
    telegram: sections.TelegramSection = sections.TelegramSection()
    storage: sections.StorageSection = sections.StorageSection()
    nlu: sections.NluSection = sections.NluSection()
    requests: clocks.RequestsSection = clocks.RequestsSection()
    escalation: clocks.EscalationSection = clocks.EscalationSection()
    scan: clocks.ScanSection = clocks.ScanSection()
    leaders: tuple[sections.LeaderSection, ...] = ()
    meetings: calling.MeetingsSection = calling.MeetingsSection()
    merging: MergingSection = MergingSection()
    reverse: calling.ReverseSection = calling.ReverseSection()
    enforcement: calling.EnforcementSection = calling.EnforcementSection()
    two_way: TwoWaySection = TwoWaySection()
    _places: dict[Key, str] = PrivateAttr(default_factory=dict)

    def with_places(self, places: Mapping[Key, str]) -> Config:
        """The same value, knowing where in its file each setting stands."""
        self._places.update(places)
        return self

    def place_of(self, *key: str | int) -> str:
        """`FILE, line N` of that setting, or of the nearest thing around it."""
        path: Key = key
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, "config")

    @property
    def zone(self) -> ZoneInfo:
        """The district's time zone."""
        return ZoneInfo(self.district.zone)

    def rules(self) -> Rules:
        """The choices that the rules of the domain depend on."""
        chosen = self.rules_section
        return Rules(
            ticket_prefix=self.district.ticket_prefix,
            zone=self.district.zone,
            direct_levels=chosen.direct_levels,
            standing_items=chosen.standing_authority,
            standing_title=chosen.standing_title,
            community_calls_street=chosen.community_calls_street,
            emergency_departments=chosen.emergency_departments,
            answer_signature=chosen.answer_signature,
            verifier=chosen.verifier,
            undelivered_after=timedelta(minutes=chosen.undelivered_after_minutes),
            undo_window=timedelta(seconds=chosen.undo_seconds),
            similar_within=timedelta(days=chosen.similar_within_days),
            street_items=self.two_way.street_items(),
            street_call_clause=self.two_way.clause,
            street_call_limit=self.two_way.card_limit,
            approvers=tuple(frozenset(group) for group in self.two_way.approvers),
            approval_limit=self.two_way.approval_limit,
            admitted_name=self.two_way.admitted_name,
            delegate_acts=frozenset(chosen.delegate_acts),
            start_limit=chosen.start_limit,
            hub_limit=chosen.hub_limit,
            hub_emergency_limit=chosen.hub_emergency_limit,
            ruling_limit=chosen.ruling_limit,
            dispute_limit=chosen.dispute_limit,
            street_answer_limit=chosen.street_answer_limit,
            release_limit=chosen.release_limit,
            verification_limit=chosen.verification_limit,
            self_sign_limit=chosen.self_sign_limit,
            request_limit=self.requests.answer_within,
            silence_grants=self.requests.silence is clocks.Silence.GRANT,
            max_extensions=self.requests.extensions,
            max_suspensions=self.requests.suspensions,
            longest_suspension=timedelta(days=self.requests.longest_suspension_days),
            away_after=timedelta(minutes=self.scan.digest_after_minutes),
            delivery_from=self.delivery.rings_from,
            delivery_to=self.delivery.rings_to,
            mistakes_before_private=chosen.mistakes_before_private,
            max_rounds=chosen.max_rounds,
            urges_per_assignment=chosen.urges_per_assignment,
            urge_distance=timedelta(minutes=chosen.urge_distance_minutes),
            draft_expires_at=chosen.draft_expires_at,
            resident_passes_on_after=timedelta(minutes=chosen.resident_passes_on_after_minutes),
            digest_times=self.digests.times,
            officer_wake_every=self.digests.officers_every,
            leader_digest_at=self.digests.leaders_at,
            leader_summary_at=self.digests.summary_at,
            leaders=self._street_leaders(),
            meetings=self.meetings.rules(),
            merging=self.merging.rules(),
            referrals=self.reverse.rules(),
            enforcement=EnforcementRules(self.enforcement.department),
        )

    def _street_leaders(self) -> tuple[StreetLeader, ...]:
        return tuple(
            StreetLeader(each.name, each.post, frozenset(each.streets), each.named(), each.may())
            for each in self.leaders
        )

    def office_hours(self) -> tuple[OfficePeriod, ...]:
        """When offices are open on a working day, local time."""
        return tuple(OfficePeriod(hours.opens, hours.closes) for hours in self.calendar.office_hours)

    def own_days(self) -> tuple[Override, ...]:
        """Single days that the district decided itself."""
        return tuple(Override(day.date, day.works, day.name) for day in self.calendar.days)

    def thresholds(self) -> Thresholds | None:
        """From when on an item counts as understood; None where the trained model's own values hold."""
        confidence, margin = self.understanding.accept_confidence, self.understanding.accept_margin
        return None if confidence is None or margin is None else Thresholds(confidence, margin)

    def token(self) -> str:
        """The bot's token; empty if the environment has none."""
        return self.telegram.token.get_secret_value() if self.telegram.token else ""

    def webhook_secret(self) -> str:
        """What Telegram must send with each update; empty if the environment has none."""
        secret = self.telegram.webhook.secret
        return secret.get_secret_value() if secret else ""

    def missing_for_running(self) -> Iterator[str]:
        """One sentence for each thing without which the bot cannot talk to Telegram."""
        if not self.token():
            yield TOKEN_MISSING
        if self.telegram.mode is sections.TelegramMode.WEBHOOK and not self.webhook_secret():
            yield SECRET_MISSING

    def contradictions(self, catalogue: Catalogue) -> Iterator[str]:
        """One sentence for each place where config names something that the list does not have."""
        named = {
            "standing_authority": self.rules_section.standing_authority or frozenset(),
            "community_calls_street": self.rules_section.community_calls_street,
        }
        for setting, codes in named.items():
            for code in sorted(codes - catalogue.items.keys()):
                place = self.place_of("rules", setting)
                yield f"{place}: rules.{setting} names the item {code}, which the list does not have."
        yield from self._unknown_approvers(catalogue)
        yield from self._unknown_parties(catalogue)
        for number, leader in enumerate(self.leaders):
            for code in leader.streets:
                if code not in catalogue.streets:
                    place = self.place_of("leaders", number, "streets")
                    yield f"{place}: {leader.name} answers for {code}, which is no street of the list."

    def _unknown_approvers(self, catalogue: Catalogue) -> Iterator[str]:
        offices = OFFICES | catalogue.departments.keys()
        for number, group in enumerate(self.two_way.approvers):
            for name in sorted(set(group) - offices):
                place = self.place_of("two_way", "approvers", number)
                yield f"{place}: {name} is neither list_office, hub, district_leader nor a department's code."
        for item in self.two_way.street_items().values():
            for code in sorted(set(item.departments) - catalogue.departments.keys()):
                yield f"{self.place_of('two_way', 'items')}: {item.code} names {code}, which is no department of the list."

    def _unknown_parties(self, catalogue: Catalogue) -> Iterator[str]:
        yield from self._uncountable(catalogue)
        for code in self.meetings.standing:
            if code not in catalogue.units and code not in catalogue.streets:
                yield f"{self.place_of('meetings', 'standing')}: {code} is no unit and no street of the list."
        for code in sorted(self.rules_section.emergency_departments - catalogue.departments.keys()):
            place = self.place_of("rules", "emergency_departments")
            yield f"{place}: rules.emergency_departments names {code}, which is no department of the list."
        department = self.enforcement.department
        if department and department not in catalogue.departments:
            yield f"{self.place_of('enforcement', 'department')}: {department} is no department of the list."

    def _uncountable(self, catalogue: Catalogue) -> Iterator[str]:
        place = self.place_of("merging", "facilities")
        for code in sorted(self.merging.facilities):
            if code not in catalogue.items:
                yield f"{place}: merging.facilities names the item {code}, which the list does not have."
            elif not may_be_counted(catalogue.items[code]):
                yield f"{place}: merging.facilities names {code}, which is no facility and is never counted."

    def catalogue_paths(self) -> CataloguePaths:
        """Where the four files of the list are, absolute."""
        files = self.catalogue
        return CataloguePaths(files.items, files.departments, files.units, files.streets)

    def files_folder(self) -> Path:
        """Where attachments lie, absolute."""
        return self.storage.files

    def models_folder(self) -> Path:
        """Where trained models lie, absolute."""
        return self.storage.models
