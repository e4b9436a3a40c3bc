"""Where the code names texts: read from its syntax, so that a missing key is found without running its line.

A call names a text where it hands a key to `View`, `Button`, `Outgoing` or the catalogue itself, or to any function
that passes that parameter on to one of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = ("bot/playground/", "bot/config/")
FIRST: Mapping[str, tuple[int | None, str]] = {
    "View": (0, "key"),
    "Button": (0, "label"),
    "Outgoing": (None, "kind"),
    "message": (0, "key"),
    "plain": (0, "key"),
    "caption": (0, "key"),
}
OF_THE_CATALOGUE = frozenset({"message", "plain", "caption"})
MEETING = frozenset({"kind", "code", "title", "begins_at", "where", "community", "item_name", "sensitive"})
FILLED_IN: Mapping[str, frozenset[str]] = {
    "answer_reporter": frozenset({"code"}),
    "tell_followers": frozenset({"code"}),
    "tell_street": frozenset({"code", "name"}),
    "wake_invited": MEETING,
    "wake": MEETING,
    "tell_the_hub": MEETING,
}
"""What these add to the parameters they are given."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Use:
    """One place that names a text; `pattern` says that more follows `key`; `given` is None where it cannot be seen."""

    key: str
    where: str
    callee: str
    given: frozenset[str] | None
    pattern: bool = False


@dataclass(frozen=True)
class Source:
    """A parsed file, with the function around each of its calls."""

    path: str
    tree: ast.Module
    calls: tuple[tuple[ast.Call, Function | None], ...]


@cache
def sources() -> tuple[Source, ...]:
    """Every file of the bot and its handlers that may speak."""
    found = []
    for path in sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py")]):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(SKIPPED):
            tree = ast.parse(path.read_text("utf-8"))
            found.append(Source(name, tree, tuple(_calls(tree, None))))
    return tuple(found)


def _calls(node: ast.AST, around: Function | None) -> Iterator[tuple[ast.Call, Function | None]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, around
        yield from _calls(child, child if isinstance(child, Function) else around)


@cache
def speakers() -> Mapping[str, tuple[int | None, str]]:
    """By name of function: where its key stands, by position and by keyword."""
    known, before = dict(FIRST), 0
    while len(known) > before:
        before = len(known)
        for source in sources():
            for call, around in source.calls:
                key = _key_of(call, known)
                if around is not None and isinstance(key, ast.Name) and around.name not in known:
                    place = _parameter(around, key.id)
                    if place is not None:
                        known[around.name] = place
    return known


def _parameter(function: Function, name: str) -> tuple[int | None, str] | None:
    positional = [each.arg for each in function.args.args if each.arg != "self"]
    if name in positional:
        return positional.index(name), name
    return (None, name) if name in {each.arg for each in function.args.kwonlyargs} else None


def callee(call: ast.Call) -> str:
    """The last name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _key_of(call: ast.Call, known: Mapping[str, tuple[int | None, str]]) -> ast.expr | None:
    if callee(call) not in known or (callee(call) in OF_THE_CATALOGUE and "texts" not in ast.unparse(call.func)):
        return None
    position, keyword = known[callee(call)]
    named = next((each.value for each in call.keywords if each.arg == keyword), None)
    if named is None and position is not None and len(call.args) > position:
        return call.args[position]
    return named


@cache
def uses() -> tuple[Use, ...]:
    """Every text that is named in a call."""
    return tuple(use for source in sources() for call, around in source.calls for use in _uses_in(source, call, around))


def _uses_in(source: Source, call: ast.Call, around: Function | None) -> Iterator[Use]:
    key = _key_of(call, speakers())
    if key is None:
        return
    name, where = callee(call), f"{source.path}:{call.lineno}"
    given = _given(call, name, key, source, around)
    for text, pattern in words(key, source, around):
        yield Use(text, where, name, given, pattern)


def words(node: ast.expr, source: Source, around: Function | None) -> set[tuple[str, bool]]:
    """What the expression may be, as far as it can be seen; True: only its beginning is known."""
    if isinstance(node, ast.Constant):
        return {(node.value, False)} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return words(node.body, source, around) | words(node.orelse, source, around)
    if isinstance(node, ast.BoolOp):
        return {each for value in node.values for each in words(value, source, around)}
    if isinstance(node, ast.Dict):
        return {each for value in node.values for each in words(value, source, around)}
    if isinstance(node, ast.Subscript):
        return words(node.value, source, around)
    if isinstance(node, ast.JoinedStr):
        return _joined(node, source, around)
    if isinstance(node, ast.Name):
        if around is not None and _parameter(around, node.id) is not None:
            return set()
        inside = list(_assigned(around, node.id)) if around is not None else []
        top = [each for each in source.tree.body if isinstance(each, ast.Assign | ast.AnnAssign)]
        found = inside or [value for each in top for value in _assigned(each, node.id)]
        return {each for value in found for each in words(value, source, around)}
    return set()


def _joined(node: ast.JoinedStr, source: Source, around: Function | None) -> set[tuple[str, bool]]:
    texts = {""}
    for part in node.values:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        ways = {text for text, pattern in words(inner, source, around) if not pattern}
        if not ways:
            return {(text, True) for text in texts}
        texts = {text + way for text in texts for way in ways}
    return {(text, False) for text in texts}


def _assigned(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not any(isinstance(target, ast.Name) and target.id == name for target in targets):
            continue
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield node.value
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple | ast.List):
            yield from node.iter.elts


def _given(call: ast.Call, name: str, key: ast.expr, source: Source, around: Function | None) -> frozenset[str] | None:
    found = set(FILLED_IN.get(name, ()))
    taken = own_parameters(name)
    for keyword in call.keywords:
        if keyword.value is key or (keyword.arg in taken and keyword.arg != "params"):
            continue
        if keyword.arg is None:
            return None
        found |= {keyword.arg} if keyword.arg != "params" else set()
    for node in [k.value for k in call.keywords if k.arg == "params"] + list(call.args):
        if node is key:
            continue
        names = _names_in(node, source, around)
        if names is None and _may_be_params(node):
            return None
        found |= names or set()
    return frozenset(found)


@cache
def own_parameters(name: str) -> frozenset[str]:
    """The keywords that a function with `**more`, or a record, takes for itself."""
    taken = {"key", "kind", "label", "chat_id", "buttons", "subject", "reply_to", "silent", "priority", "dedupe_key"}
    taken |= {"locale", "attachment_hashes", "not_before", "rows", "photos", "action", "arg", "url", "now", "params"}
    for function in functions().get(name, ()):
        taken |= {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
    return frozenset(taken)


@cache
def functions() -> Mapping[str, list[Function]]:
    """Every function by its name."""
    found: dict[str, list[Function]] = {}
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, Function):
                found.setdefault(node.name, []).append(node)
    return found


def _may_be_params(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and ("params" in node.id or "fields" in node.id)) or isinstance(
        node, ast.Dict | ast.BinOp
    )


def _names_in(node: ast.expr, source: Source, around: Function | None) -> set[str] | None:
    if isinstance(node, ast.Dict):
        constant = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        return None if None in constant else {str(each) for each in constant}
    if isinstance(node, ast.Name) and around is not None:
        found = [_names_in(value, source, around) for value in _assigned(around, node.id)]
        changed = any(isinstance(n, ast.AugAssign) and getattr(n.target, "id", "") == node.id for n in ast.walk(around))
        return found[0] if len(found) == 1 and not changed else None
    return None


def literals() -> set[str]:
    """Every string in these files that is not a docstring."""
    found = set()
    for source in sources():
        statements = {id(n.value) for n in ast.walk(source.tree) if isinstance(n, ast.Expr)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
                found.add(node.value)
    return found


def refusals_raised() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Class, place and fields of each `raise Something(...)`."""
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                names = [keyword.arg for keyword in node.exc.keywords]
                given = None if None in names else frozenset(str(name) for name in names)
                yield callee(node.exc), f"{source.path}:{node.lineno}", given
