"""A release's search index, a folder of Tantivy's: written with what the index of the release
before holds of the plans that did not change, or all anew; and opened.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tantivy import (
    Document,
    Index,
    IndexWriter,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from kg.errors import PlanlinkError
from kg.release.cache import link_or_copy, program_digest

FOLDER = "search"
"""The folder of the index in a release's folder."""
_HELD = "held.json"  # of which program it is, and the digest of what it holds of each plan
_ANEW = 0.25  # of the plans changed: an index that is written at once is faster to read
_WRITER = 64 * 1024 * 1024  # bytes that it may take
_SENTENCES = ("Passage", "Measure")
_SHOWN = ("iri", "type", "plan", "chapter", "label", "text")  # of an entry that is found


class Entry(NamedTuple):
    """What can be found.

    iri, type, plan: what it is, and the slug of its plan.
    label: its name. text: the text it stands for.
    chapter: the heading of the chapter it is in, "" where it has no one place.
    place: where its sentence begins in the plan's text.
    names, words: the tokens of all its names, and of its text.
    """

    iri: str
    type: str
    plan: str
    label: str
    text: str
    chapter: str
    place: int
    names: str
    words: str


@dataclass(frozen=True)
class PlanEntries:
    """What is found of a plan.

    plan: its slug. digest: tells what is found from what was found of it before.
    read: gives the entries.
    """

    plan: str
    digest: str
    read: Callable[[], Iterable[Entry]]


def _schema() -> Schema:
    """The fields of an entry.

    type, plan, chapter: what is chosen by. names, text: their tokens, parted by blanks.
    place: where its sentence begins in the plan's text. length: of its label.
    sentence: 1 for the first entry of a sentence, else 0. entry: all that is shown, as JSON.
    """
    builder = SchemaBuilder()
    for name in ("type", "plan", "chapter"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("names", "text"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in ("place", "length", "sentence"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_bytes_field("entry", stored=True)
    return builder.build()


SCHEMA = _schema()


def write_index(folder: Path, plans: Sequence[PlanEntries], former: Path | None = None) -> None:
    """Write the index of a release.

    Args:
        folder: where, made with it.
        plans: what is to be found.
        former: the index of the release before, as it was published; None where there is none.

    Raises:
        PlanlinkError: it cannot be written.
    """
    folder.mkdir()
    now = {one.plan: one.digest for one in plans}
    held = _indexed_digests(former) if former is not None else {}
    changed = {plan for plan in {**held, **now} if held.get(plan) != now.get(plan)}
    if former is None or not held or len(changed) > _ANEW * len(plans):
        changed, held = {*now}, {}
    else:
        for file in former.iterdir():
            link_or_copy(file, folder / file.name)
    try:
        fresh = (one.read() for one in plans if one.plan in changed)
        index = _with_tokenizer(Index(SCHEMA, str(folder)))
        _replace(index, sorted(changed & {*held}), fresh)
    except ValueError as error:  # what Tantivy makes of a full disk, among others
        raise PlanlinkError.of("index_not_written", folder, error) from error
    for file in folder.glob("*.lock"):
        file.unlink()
    for file in folder.glob("*.json"):  # its own are for nobody else to read
        file.chmod(folder.stat().st_mode & 0o666)
    listed = folder / _HELD
    listed.unlink(missing_ok=True)  # the former release may have the same file
    listed.write_text(json.dumps([program_digest(), now], ensure_ascii=False), encoding="utf-8")


def _replace(index: Index, stale: Sequence[str], fresh: Iterable[Iterable[Entry]]) -> None:
    """Take plans out of an index, and put others in; ValueError where that fails."""
    writer = index.writer(heap_size=_WRITER, num_threads=1)
    for plan in stale:
        writer.delete_documents_by_term("plan", plan)
    for entries in fresh:
        _put_in(writer, entries)
    writer.commit()
    writer.wait_merging_threads()


def _indexed_digests(folder: Path) -> dict[str, str]:
    """The digest of each plan's rows in an index; {} where another program made the index, whose
    tokens may differ."""
    listed = folder / _HELD
    if not listed.exists():
        return {}
    program, held = json.loads(listed.read_text(encoding="utf-8"))
    return dict(held) if program == program_digest() else {}


def _put_in(writer: IndexWriter, entries: Iterable[Entry]) -> None:
    """Put in what is found of a plan, as it follows in the text."""
    begun = set[tuple[str, int]]()
    for one in sorted(entries, key=lambda one: (one.place, one.iri)):
        is_first = one.type in _SENTENCES and (one.plan, one.place) not in begun
        if is_first:
            begun.add((one.plan, one.place))
        shown = {name: getattr(one, name) for name in _SHOWN}
        writer.add_document(
            Document(
                type=one.type, plan=one.plan, chapter=one.chapter, names=one.names, text=one.words,
                place=one.place, length=len(one.label), sentence=int(is_first),
                entry=json.dumps(shown, ensure_ascii=False).encode(),
            )
        )  # fmt: skip


def _with_tokenizer(index: Index) -> Index:
    blanks = TextAnalyzerBuilder(Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", blanks)
    return index


def open_index(release: Path) -> Searcher:
    """The index of a release, to be searched.

    Raises:
        PlanlinkError: it cannot be read.
    """
    folder = release / FOLDER
    try:
        # Tantivy writes a lock where it opens an index, so not in a release; what it has opened
        # stays open. Servers sweep away a folder that it locks just as it is removed.
        with TemporaryDirectory(prefix="planlink-", ignore_cleanup_errors=True) as beside:
            for file in folder.iterdir():
                (Path(beside) / file.name).symlink_to(file.resolve())
            index = Index.open(beside)
            index.config_reader("Manual")
            return _with_tokenizer(index).searcher()
    except (OSError, ValueError) as error:  # a file is missing, or is of another version
        raise PlanlinkError.of("index_not_read", folder, error) from error
