"""What somebody does by a message, judged by its words and by its surroundings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nlu.types import Act, Context, Question, Setting, Speaker, Subject

UNIT_ACTS = (Act.SIGN, Act.PROGRESS, Act.REPORT_BACK, Act.RETURN, Act.EXTENSION, Act.SUSPENSION)
CALLER_ACTS = (Act.URGE, Act.EVALUATE, Act.WITHDRAW, Act.STATUS)
_OWN_ACT = {
    Question.PROGRESS: Act.PROGRESS,
    Question.REPORT_BACK: Act.REPORT_BACK,
    Question.RETURN_REASON: Act.RETURN,
    Question.EVALUATION_REASON: Act.EVALUATE,
}
_CHANGES_SUBJECT = 0.9
# In a group a wrong answer costs more than a missed one, so chatter wins while it is this likely.
_DOUBT = 0.15
_GOING_ON = re.compile(r"正在|还在|抢修中|处理中|施工中|维修中|整改中|刚到|已到现场|到现场了|在路上|已安排|已派")
_FINISHED = re.compile(
    r"完毕|完成|完了|(?:修|换|弄|搞|清|装|补|处理|整改|办|解决|恢复)(?:好|完|掉|干净|到位|通|正常)|已恢复|已解决|已办结|已更换|已清"
)

Factors = Mapping[Act, float]


def read_act(scores: Mapping[Act, float], text: str, context: Context) -> tuple[Act, float]:
    """The act and its probability.

    While a question is open, an answer has the question's own act, or `chatter` where the question has none;
    an act that a mere answer cannot look like, surely recognised, means that the person changed the subject.
    """
    weighed = _weigh(scores, context)
    act = max(weighed, key=lambda candidate: weighed[candidate])
    confidence = weighed[act]
    if context.question is not None:
        own = _OWN_ACT.get(context.question, Act.CHATTER)
        if confidence >= _CHANGES_SUBJECT and not _answers(own, act):
            return act, confidence
        return own, max(weighed[own], 1 - confidence)
    if weighed[Act.CHATTER] >= _DOUBT and _is_loose_talk(context):
        return Act.CHATTER, weighed[Act.CHATTER]
    if act is Act.REPORT_BACK and _GOING_ON.search(text) and not _FINISHED.search(text):
        return Act.PROGRESS, confidence
    return act, confidence


def _is_loose_talk(context: Context) -> bool:
    return context.setting is not Setting.PRIVATE and context.replies_to is Subject.NOTHING


def _answers(own: Act, act: Act) -> bool:
    """Whether words that look like `act` may still be the answer: a place or a reason often reads like a report."""
    return act in (own, Act.REPORT, Act.CHATTER, Act.GREETING) or (own in UNIT_ACTS and act in UNIT_ACTS)


def _weigh(scores: Mapping[Act, float], context: Context) -> dict[Act, float]:
    weighed = dict(scores)
    for factors in _factors(context):
        for act, factor in factors.items():
            weighed[act] = weighed.get(act, 0.0) * factor
    total = sum(weighed.values()) or 1.0
    return {act: value / total for act, value in weighed.items()}


def _factors(context: Context) -> Iterator[Factors]:
    if context.replies_to is Subject.ASSIGNMENT and context.speaker in (Speaker.UNIT, Speaker.UNKNOWN):
        yield {Act.REPORT: 0.02, Act.CHATTER: 0.4, Act.GREETING: 0.2, **dict.fromkeys(UNIT_ACTS, 6.0)}
    elif context.setting in (Setting.DEPARTMENT, Setting.ENFORCEMENT):
        unit = 2.0 if context.open_assignments else 0.1
        yield {Act.REPORT: 0.2, **dict.fromkeys(UNIT_ACTS, unit)}
    if context.replies_to is Subject.TICKET and context.speaker in (Speaker.REPORTER, Speaker.OFFICER):
        yield {Act.REPORT: 0.3, Act.CHATTER: 0.6, **dict.fromkeys(CALLER_ACTS, 4.0)}
    if context.speaker in (Speaker.REPORTER, Speaker.OFFICER) and context.replies_to is Subject.NOTHING:
        yield dict.fromkeys(UNIT_ACTS, 0.2)
    if context.setting in (Setting.LEADERS, Setting.HUB) or context.speaker is Speaker.LEADER:
        yield {Act.REPORT: 0.05, Act.GREETING: 0.3}
    if context.setting is Setting.PRIVATE:
        yield {Act.CHATTER: 0.5}
    if context.speaker is Speaker.RESIDENT:
        yield {Act.STATUS: 2.0, **dict.fromkeys(UNIT_ACTS, 0.05)}
