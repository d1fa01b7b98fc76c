"""Sentences that several plans have in the same or nearly the same words, which no plan alone knows
of: a wording is the earliest plan's sentence with those like it.

Where a few plans have changed, only what their changed sentences could be like is looked at again.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.lexicon import grouped
from kg.link.shingles import Bands, bands, candidates, compared, likeness, reached, signatures
from kg.rdf.gzipped import packed, read_content
from kg.views.summary import Sentence, Summary, sentence_of

_SENTENCES = "sentences.jsonl.gz"
_BANDS = "bands.npy"
_ALIKE = 0.6  # the share of triples of characters from which sentences are nearly the same
_INSERT = "INSERT INTO wording VALUES (?, ?, ?, ?, ?, ?, ?)"
_Rows = NDArray[np.intp]


def write_sentences(folder: Path, summary: Summary) -> None:
    """Write a plan's sentences, and how they are compared, into a folder."""
    (folder / _SENTENCES).write_bytes(packed(summary.sentence_lines().encode()))
    np.save(folder / _BANDS, bands([compared(one.text) for one in summary.sentences]))


@dataclass(frozen=True)
class PlanSentences:
    """The sentences of a plan, in their order, in the folder that write_sentences wrote to."""

    plan: str
    folder: Path

    @property
    def bands(self) -> Bands:
        """How they are compared, a row each."""
        found: Bands = np.load(self.folder / _BANDS)
        return found

    def sentences(self, numbers: Iterable[int]) -> list[Sentence]:
        """Some of them, by their numbers from 0."""
        lines = read_content(self.folder / _SENTENCES).decode().split("\n")
        return [sentence_of(lines[number]) for number in numbers]

    @cached_property
    def all(self) -> list[Sentence]:
        """All of them."""
        return self.sentences(range(len(self.bands)))


def write_wordings(
    connection: sqlite3.Connection,
    plans: Sequence[PlanSentences],
    before: Mapping[str, PlanSentences | None] | None,
    moved: Iterable[str],
) -> None:
    """Write the wordings of plans into the table of wordings.

    Args:
        plans: all, the earliest first.
        before: what the plans that have changed had when the table was written, by slug, None for
            those that were not there; None where the table is empty.
        moved: the slugs of those whose place among the others has changed.
    """
    of_plans = [one.bands for one in plans]
    corpus = _Corpus(plans, np.concatenate([[0], np.cumsum([*map(len, of_plans)])]))
    if before is None:
        _insert(connection, corpus, np.concatenate(of_plans), np.arange(corpus.first[-1]))
        return
    come, gone, numbers = list[int](), list[Bands](), set[int]()
    place = {one.plan: at for at, one in enumerate(plans)}
    for slug, former in before.items():
        now = plans[place[slug]] if slug in place else None
        old, new = former.all if former else [], now.all if now else []
        same = {} if slug in moved else _unchanged_sentences(old, new)
        numbers |= _numbers(connection, slug, [o for at, o in enumerate(old) if at not in same])
        _move(connection, slug, [(old[at], new[to]) for at, to in same.items()])
        if former:
            gone.append(former.bands[[at for at in range(len(old)) if at not in same]])
        if now:
            left = {*range(len(new))} - {*same.values()}
            come += [int(corpus.first[place[slug]]) + at for at in sorted(left)]
    every = np.concatenate([*of_plans, *gone])
    ghosts = np.arange(corpus.first[-1], len(every))
    near = reached(every, np.concatenate([np.array(come, dtype=np.intp), ghosts]))
    rows = near[near < corpus.first[-1]]
    for _, slug, sentences in corpus.sentences(rows):
        numbers |= _numbers(connection, slug, sentences)
    connection.executemany("DELETE FROM wording WHERE number = ?", [(n,) for n in numbers])
    _insert(connection, corpus, every[rows], rows)


@dataclass(frozen=True)
class _Corpus:
    """The sentences of all plans as rows, one plan's after the other's.

    first: the first row of each plan, and behind the last the number of all.
    """

    plans: Sequence[PlanSentences]
    first: _Rows

    def sentences(self, rows: _Rows) -> Iterator[tuple[slice, str, list[Sentence]]]:
        """Rows in order: which of them are of a plan, its slug, and their sentences."""
        edges = np.searchsorted(rows, self.first)
        for at, plan in enumerate(self.plans):
            of_plan = slice(edges[at], edges[at + 1])
            if numbers := (rows[of_plan] - self.first[at]).tolist():
                yield of_plan, plan.plan, plan.sentences(numbers)

    def owners(self, rows: _Rows) -> _Rows:
        """The place of each row's plan."""
        return np.searchsorted(self.first, rows, side="right") - 1


def _insert(connection: sqlite3.Connection, corpus: _Corpus, of_rows: Bands, rows: _Rows) -> None:
    """Find and write the wordings among rows, those of a wording in the order of their plans."""
    if not len(rows):
        return
    _, first, which = np.unique(signatures(of_rows), return_index=True, return_inverse=True)
    owners = corpus.owners(rows)
    least, most = np.full(len(first), len(corpus.plans)), np.zeros(len(first), dtype=np.intp)
    np.minimum.at(least, which, owners)
    np.maximum.at(most, which, owners)
    several = np.flatnonzero(least != most)  # sentences that are the same in several plans
    groups = [[int(one)] for one in several]
    groups += [
        group for group in candidates(of_rows[first]) if least[group].min() != most[group].max()
    ]
    if not groups:
        return
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM wording").fetchone()
    number, share = np.zeros(len(first), dtype=np.int64), np.zeros(len(first))
    texts = _texts(corpus, rows[first], sorted({one for group in groups for one in group}))
    for group in sorted(_connected(groups), key=lambda group: min(first[group])):
        order = sorted(group, key=lambda one: first[one])
        while order:
            same, order = _like_the_first(order, texts)
            alone = {*least[[one for one, _ in same]], *most[[one for one, _ in same]]}
            if len(alone) > 1:
                last += 1
                for one, part in same:
                    number[one], share[one] = last, part
    number, share = number[which], share[which]
    held = np.flatnonzero(number)
    number, share = number[held], share[held]
    for here, slug, sentences in corpus.sentences(rows[held]):
        placed = zip(sentences, number[here].tolist(), share[here].tolist(), strict=True)
        connection.executemany(
            _INSERT,
            ((n, slug, one.iri, one.start, one.chapter, one.text, part) for one, n, part in placed),
        )


def _texts(corpus: _Corpus, rows: _Rows, wanted: list[int]) -> dict[int, str]:
    """What is compared of some of the rows, by their place among them."""
    places = np.array(sorted(wanted, key=lambda one: rows[one]), dtype=np.intp)
    return {
        int(place): compared(one.text)
        for here, _, sentences in corpus.sentences(rows[places])
        for place, one in zip(places[here], sentences, strict=True)
    }


def _connected(groups: list[list[int]]) -> list[list[int]]:
    """Groups as sets: those that share a member are one."""
    from networkx.utils import UnionFind  # loads for a seventh of a second  # noqa: PLC0415

    joined = UnionFind()
    for group in groups:
        joined.union(*group)
    return [[*one] for one in joined.to_sets()]


def _like_the_first(
    order: list[int], texts: Mapping[int, str]
) -> tuple[list[tuple[int, float]], list[int]]:
    """Those nearly the same as the first, with the share in common; and the rest."""
    same, rest = [(order[0], 1.0)], []
    for one in order[1:]:
        share = likeness(texts[order[0]], texts[one])
        if share >= _ALIKE:
            same.append((one, round(share, 3)))
        else:
            rest.append(one)
    return same, rest


def _unchanged_sentences(old: Sequence[Sentence], new: Sequence[Sentence]) -> dict[int, int]:
    """Sentences that stayed, in their order: their numbers before, and those now."""
    places = grouped((one.text, at) for at, one in enumerate(old))
    found, last = dict[int, int](), -1
    for to, one in enumerate(new):
        later = [at for at in places[one.text] if at > last]
        if later:
            last = later[0]
            found[last] = to
    return found


def _numbers(connection: sqlite3.Connection, plan: str, sentences: Iterable[Sentence]) -> set[int]:
    """The wordings that sentences of a plan are in."""
    query = "SELECT number FROM wording WHERE plan = ? AND passage = ?"
    return {n for one in sentences for (n,) in connection.execute(query, (plan, one.iri))}


def _move(
    connection: sqlite3.Connection, plan: str, same: Iterable[tuple[Sentence, Sentence]]
) -> None:
    """Tell where sentences that stayed are now."""
    query = "SELECT rowid FROM wording WHERE plan = ? AND passage = ?"
    found: list[tuple[Any, ...]] = [
        (new.iri, new.start, new.chapter, row)
        for old, new in same
        if old != new
        for (row,) in connection.execute(query, (plan, old.iri))
    ]
    connection.executemany(
        "UPDATE wording SET passage = ?, start = ?, chapter = ? WHERE rowid = ?", found
    )
