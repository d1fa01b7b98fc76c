"""Which sentences the notes on who is charged, and rows of tables, are about."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.document.responsibility_notes import Body, Charge
from kg.document.structure import Document, Sentence


@dataclass
class Charged:
    """The bodies that notes name, by the numbers of sentences, and of sections for their headings'
    notes, which are about the sentences that have no note themselves; the rows of tables that
    sentences are in, and notes that say until when."""

    sentences: dict[str, list[Body]] = field(default_factory=dict)
    sections: dict[str | None, list[Body]] = field(default_factory=dict)
    rows: dict[str, Charge] = field(default_factory=dict)

    def note_row(self, charge: Charge, sentences: Sequence[Sentence]) -> None:
        """Note what a row of a table says of the sentences in its cells."""
        for sentence in sentences:
            self.rows[sentence.number] = charge
            if charge.bodies:
                self.sentences.setdefault(sentence.number, []).extend(charge.bodies)

    def with_measure(self, document: Document, number: str, section: str) -> list[Body]:
        """The bodies charged with the measure of a sentence."""
        if (own := self.sentences.get(number)) is not None:
            return own
        at: str | None = section
        while at is not None and at not in self.sections:
            at = document.section(at).parent
        return self.sections.get(at, [])


def charged(document: Document) -> Charged:
    """Who is charged with what.

    A note inside a sentence is about that one; behind one, about those of its paragraph since the
    note before.
    """
    found = Charged()
    starts = [sentence.span.start for sentence in document.sentences]
    headings = sorted((s.heading_span.start, s.number) for s in document.sections)
    before = 0
    for charge in document.charges:
        at = charge.span.start
        last, heading = bisect_left(starts, at) - 1, bisect_left(headings, (at, "")) - 1
        if charge.about is not None:
            first = bisect_left(starts, charge.about.start)
            end = min(last + 1, bisect_left(starts, charge.about.end))
            found.note_row(charge, document.sentences[first:end])
        elif heading >= 0 and (last < 0 or headings[heading][0] > starts[last]):
            found.sections.setdefault(headings[heading][1], []).extend(charge.bodies)
        elif last >= 0:
            for sentence in _about(document, document.sentences[last], at, before):
                if charge.until:
                    found.rows.setdefault(sentence.number, charge)
                found.sentences.setdefault(sentence.number, []).extend(charge.bodies)
        before = charge.span.end
    return found


def _about(document: Document, last: Sentence, at: int, before: int) -> list[Sentence]:
    """The sentences that a note is about, the last one before it given."""
    since = last.span.start if at < last.span.end else before
    return [one for one in document.sentences_of(last.paragraph) if since <= one.span.start < at]
