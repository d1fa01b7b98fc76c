"""A plan as a release holds it: its graphs and what goes with them, written into a release and read
back by the next one, which keeps it where it is not published anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, get_type_hints

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import PROV

from kg.errors import PlanlinkError
from kg.link.identifiers import Register
from kg.rdf.iris import plan_graph, plan_iri
from kg.rdf.quads import FORMATS, as_rdflib, graph_quads, in_order, serialize
from kg.rdf.shacl import Report, Result
from kg.release.manifest import Manifest, PastRelease, PlanEntry, ReleaseFile, released
from kg.release.search import Entry, plan_entries
from kg.source.plan import Plan
from kg.views.revision import revised_targets

# fields of a plan that plan.json leaves out
_ELSEWHERE = ("folder", "source", "errata", "origin", "model")
_REVISES = ox.NamedNode(str(PROV.wasRevisionOf))


@dataclass(frozen=True)
class PlanGraphs:
    """A plan with the quads of its named graphs, the report on them, what pictures of it start from
    (JSON), what search finds of it, how well it was read (JSON), and the register of its
    identifiers.

    kept: what the release before says of it, where it is kept from there; None where it was read.
    """

    plan: Plan
    quads: list[ox.Quad]
    report: Report
    picture: str
    entries: tuple[Entry, ...]
    read: str
    register: Register
    kept: PlanEntry | None = None


def refuse_violations(plans: Sequence[PlanGraphs]) -> None:
    """Refuse what must not be published.

    Raises:
        PlanlinkError: a plan violates a shape; the message gives the first result.
    """
    for graphs in plans:
        if graphs.report.conforms:
            continue
        first = graphs.report.results[0]
        raise PlanlinkError(
            f"{graphs.report.count('Violation')} SHACL violations, "
            f"the first: {first.message_zh} / {first.message_en} ({first.focus})",
            str(graphs.plan.folder),
            "nothing was released; mend the plan's text, errata or metadata",
        )


def plan_entry(
    graphs: PlanGraphs,
    dump: ReleaseFile,
    triples: int,
    past: Sequence[PastRelease],
    this: tuple[int, str],
) -> PlanEntry:
    """What the manifest says of a plan.

    Args:
        graphs: the plan.
        dump: its N-Quads file.
        triples: how many it has.
        past: the releases before.
        this: the number of this one, and its date (ISO).
    """
    plan, (number, today) = graphs.plan, this
    former = [p for one in past for p in one.plans if p.slug == plan.slug and p.content]
    same = former and former[-1].content == dump.sha256
    entry = graphs.kept or PlanEntry(
        slug=plan.slug,
        title=plan.title,
        title_en=plan.title_en,
        issuer=plan.issuer,
        area=plan.area,
        period=plan.period,
        revision_of=plan.revision_of,
        source_sha256=plan.sha256,
        source_encoding=plan.encoding,
        errata=len(plan.errata),
        warnings=graphs.report.count("Warning"),
    )
    return replace(
        entry,
        dump=dump.name,
        content=dump.sha256,
        issued=former[0].issued if former else today,
        modified=former[-1].modified if same else today,
        triples=triples,
        version=_version(past, plan.slug, dump.sha256) or number,
    )


def _version(past: Sequence[PastRelease], slug: str, content: str) -> int:
    """The first of the releases, up to the last one, that hold a plan's data unchanged; 0 where
    the last one holds others."""
    number = 0
    for release in reversed(past):
        if not any(plan.slug == slug and plan.content == content for plan in release.plans):
            break
        number = release.number
    return number


def write_plan_files(folder: Path, graphs: PlanGraphs, base: str) -> None:
    """Write a plan's metadata, source text as published, validation report, how well it was read,
    and what pictures start from.

    Args:
        folder: the folder of the release.
        graphs: the plan.
        base: the base of all IRIs.
    """
    plan = plan_iri(base, graphs.plan.slug)
    report = graphs.report.graph(f"{base}/reports/{graphs.plan.slug}.ttl")
    named = in_order(graph_quads(report, URIRef(plan_graph(plan, "report"))))
    results = [result.as_json() for result in graphs.report.results]
    about = {
        field.name: getattr(graphs.plan, field.name)
        for field in fields(Plan)
        if field.name not in _ELSEWHERE
    }
    as_json = partial(json.dumps, ensure_ascii=False, indent=1, default=str)
    folder = folder / "plans" / graphs.plan.slug
    folder.mkdir(parents=True)
    for name, content in {
        "plan.json": as_json(about).encode(),
        "source.txt": graphs.plan.source.encode(),
        "picture.json": graphs.picture.encode(),
        "report.ttl": serialize(named, FORMATS["turtle"]),
        "report.json": as_json(results).encode(),
        "completeness.json": graphs.read.encode(),
    }.items():
        (folder / name).write_bytes(content)


def kept_plan(
    folder: Path, manifest: Manifest, entry: PlanEntry, quads: list[ox.Quad]
) -> PlanGraphs:
    """A plan of a release, which the next one keeps as it is.

    Args:
        folder: the release's folder.
        manifest: its manifest.
        entry: what that says of the plan.
        quads: what the release says of it.

    Raises:
        PlanlinkError: a file of it is missing, or is another than was published.
    """

    def text(name: str) -> str:
        return released(folder, manifest, f"plans/{entry.slug}/{name}").decode("utf-8")

    told = f"plans/{entry.slug}/plan.json" in manifest.files  # early releases do not have it
    try:
        return PlanGraphs(
            _plan(folder, entry, json.loads(text("plan.json")) if told else {}, text("source.txt")),
            [*quads],
            Report(tuple(Result(**result) for result in json.loads(text("report.json")))),
            text("picture.json"),
            tuple(plan_entries(as_rdflib(quads), entry.slug)),
            text("completeness.json"),
            Register(),
            entry,
        )
    except (PlanlinkError, TypeError, ValueError) as error:
        raise PlanlinkError(
            f"the plan {entry.slug} cannot be kept ({error})",
            str(folder),
            "publish its folder as well, or take it out with --remove",
        ) from error


def _plan(folder: Path, entry: PlanEntry, more: dict[str, Any], source: str) -> Plan:
    """A plan's metadata, by what a release says of it."""
    types = get_type_hints(Plan)
    told: dict[str, Any] = dict.fromkeys(
        field.name for field in fields(Plan) if field.name not in _ELSEWHERE
    )
    told |= {"subjects": (), "source_name": "source.txt"}
    told |= {
        name: value for name, value in asdict(entry).items() if name in told and name != "issued"
    }
    told |= {"sha256": entry.source_sha256, "encoding": entry.source_encoding}
    for name, value in more.items():
        if name in told:
            is_date = types[name] == date | None and value is not None
            told[name] = date.fromisoformat(value) if is_date else value
    told |= {"period": tuple(told["period"]), "subjects": tuple(told["subjects"])}
    return Plan(**told, folder=folder / "plans" / entry.slug, source=source, errata=())


def join_versions(plans: Sequence[PlanGraphs], base: str) -> None:
    """Say of each target of a revised plan which target of the earlier version it revises, where
    both are in the release, and no more where the earlier one is there no more.

    Args:
        plans: the plans of the release; the quads of later versions are changed.
        base: the base of all IRIs.
    """
    by_slug = {graphs.plan.slug: graphs for graphs in plans}
    for later in plans:
        if later.plan.revision_of is None:
            continue
        of_earlier = plan_iri(base, later.plan.revision_of)
        later.quads[:] = [
            quad
            for quad in later.quads
            if quad.predicate != _REVISES
            or not getattr(quad.object, "value", "").startswith(f"{of_earlier}/")
        ]
        earlier = by_slug.get(later.plan.revision_of)
        if earlier is None:
            continue
        store = ox.Store()
        store.extend([*earlier.quads, *later.quads])
        graph = plan_graph(plan_iri(base, later.plan.slug))
        for change in revised_targets(store, plan_graph(of_earlier), graph):
            if change.before and change.after and change.before.target and change.after.target:
                after, before = change.after.target.iri, change.before.target.iri
                later.quads.append(
                    ox.Quad(
                        ox.NamedNode(after), _REVISES, ox.NamedNode(before), ox.NamedNode(graph)
                    )
                )
