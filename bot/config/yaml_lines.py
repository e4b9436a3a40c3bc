"""YAML read with the line of every value, so that a mistake can be pointed at; scalars stay the words written.

Nothing is guessed from the look of a word: 13:00 and 12388 arrive as they stand, and the typed sections read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

Key = tuple[str | int, ...]
_NULL = "tag:yaml.org,2002:null"


@dataclass(slots=True)
class Page:
    """The values of a file, the line (from 1) of each by its path, and what is wrong with the YAML: (line, words)."""

    values: dict[str, object] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)
    mistakes: list[tuple[int, str]] = field(default_factory=list)

    def line_of(self, key: Key) -> int:
        """The line of that value, or of the nearest thing around it that the file has."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)


def read_page(text: str) -> Page:
    """The file's text as values with lines; never raises."""
    page = Page()
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        page.mistakes.append(_broken(error))
        return page
    if root is None:
        return page
    value = _value(root, (), page)
    if isinstance(value, dict):
        page.values = value
    else:
        page.mistakes.append((1, "the file is not a list of settings such as `district:`"))
    return page


def _broken(error: yaml.YAMLError) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    return (mark.line + 1 if mark else 1), f"this is no YAML: {problem}"


def _value(node: yaml.Node, key: Key, page: Page) -> object:
    page.lines.setdefault(key, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, key, page))
    if isinstance(node, yaml.SequenceNode):
        return [_value(entry, (*key, number), page) for number, entry in enumerate(node.value)]
    return None if node.tag == _NULL else node.value


def _pairs(node: yaml.MappingNode, key: Key, page: Page) -> Iterator[tuple[str, object]]:
    seen: dict[str, int] = {}
    for name_node, value_node in node.value:
        name, line = str(name_node.value), name_node.start_mark.line + 1
        if name in seen:
            page.mistakes.append((line, f"`{name}` is given twice, first in line {seen[name]}"))
            continue
        seen[name] = line
        page.lines[(*key, name)] = line
        yield name, _value(value_node, (*key, name), page)
