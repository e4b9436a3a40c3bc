"""The official list between its CSV files and the domain: reading, cross-checking, comparing."""

from bot.catalogue_files.difference import Change, ChangeKind, Difference, Move, OpenPart, diff, still_needed
from bot.catalogue_files.reading import CatalogueError, CataloguePaths, read_catalogue

__all__ = [
    "CatalogueError",
    "CataloguePaths",
    "Change",
    "ChangeKind",
    "Difference",
    "Move",
    "OpenPart",
    "diff",
    "read_catalogue",
    "still_needed",
]
