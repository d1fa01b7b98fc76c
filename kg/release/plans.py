"""A plan as it was read: its graphs and what goes with them, before it is compiled into files."""

from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import PlanlinkError
from kg.link.identifiers import Register
from kg.rdf.shacl import ValidationReport
from kg.release.indexing import Entry
from kg.release.manifest import PlanEntry
from kg.source.plan import Plan


@dataclass(frozen=True)
class PlanGraphs:
    """A plan with the quads of its named graphs, the report on them, what search finds of it, how
    well it was read (JSON), the blocks of its document (JSON), and the register of its identifiers.

    kept: what the release before says of it, where it is kept from there; None where it was read.
    """

    plan: Plan
    quads: list[ox.Quad]
    report: ValidationReport
    entries: tuple[Entry, ...]
    read: str
    document: str
    register: Register
    kept: PlanEntry | None = None


def refuse_violations(graphs: PlanGraphs) -> None:
    """Raise PlanlinkError, with the first result, where a plan violates a shape."""
    if graphs.report.conforms:
        return
    first = graphs.report.results[0]
    raise PlanlinkError.of(
        "publication_violations",
        graphs.plan.folder,
        graphs.report.count("Violation"),
        first.message_zh,
        first.message_en,
        first.focus,
    )
