"""planlink validate: RDF against the shapes."""

import json
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import click
from rdflib import RDF, Graph
from rdflib.term import bind

from kg.cli.output import PATH
from kg.graph.vocabulary import vocabulary
from kg.rdf.quads import as_triples
from kg.rdf.reading import load_graph, load_quads
from kg.rdf.shacl import Result, ValidationReport, validate, validate_quads

_SHOWN = 50
_DAY = 86_400  # seconds
_MEMORY = 8 * 1024**3  # bytes


@click.command(name="validate")
@click.argument("path", type=PATH, metavar="FILE_OR_DIR")
@click.option(
    "--shapes",
    type=PATH,
    metavar="FILE",
    help="SHACL shapes to check against instead of planlink's own, and without its vocabulary.",
)
@click.option(
    "--seconds",
    type=click.IntRange(1, _DAY),
    default=600,
    show_default=True,
    help="Of processor time that these shapes may take for one file, in 8 GiB of memory.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "turtle"]),
    default="text",
    show_default=True,
    help="text: the first 50 findings of each file. json: every finding as a line of JSON. turtle: "
    "SHACL validation reports.",
)
def validate_command(path: Path, shapes: Path | None, seconds: int, form: str) -> None:
    """Check RDF against the shapes; exit 1 on violations. A folder's files are checked one by one,
    hidden ones left out, and each is reported when it is done."""
    # it says with a traceback what sh:datatype reports: that a literal is not of its type
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    # any text is HTML (RDF 1.1 §5.2): it parses it, in time that grows by the square of what nests
    bind(RDF.HTML, str, datatype_specific=True)
    given = load_graph(shapes) if shapes else None
    conforms = True
    for name, quads in load_quads(path):
        if given is None:
            report = validate_quads(quads, vocabulary())
        else:
            with _bounded(seconds):
                report = validate(as_triples(quads), Graph(), given)
        conforms = conforms and report.conforms
        for line in _WRITERS[form](name, report):
            click.echo(line)
    sys.exit(0 if conforms else 1)


@contextmanager
def _bounded(seconds: int) -> Iterator[None]:
    """Bound the processor time and the memory of what is done: patterns and queries of other
    people's shapes may want any amount of both. An error that was caught comes again. Windows has
    no such bounds."""
    if sys.platform == "win32":
        yield
        return
    import resource  # noqa: PLC0415

    def end(*_: object) -> None:
        raise TimeoutError(f"they take more than {seconds} s of the processor")

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    memory = _MEMORY if soft == resource.RLIM_INFINITY else min(_MEMORY, soft)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
    former = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _text(name: str, report: ValidationReport) -> Iterator[str]:
    counts = ", ".join(f"{report.count(s)} {s.lower()}s" for s in ("Violation", "Warning", "Info"))
    yield f"{name}: {'conforms' if report.conforms else 'does not conform'} ({counts})"
    lines = dict.fromkeys(_line(result) for result in report.results)
    yield from islice(lines, _SHOWN)
    if len(lines) > _SHOWN:
        yield f"  … and {len(lines) - _SHOWN} more"


def _line(result: Result) -> str:
    about = f" {result.path}" if result.path else ""
    value = f" = {result.value}" if result.value else ""
    messages = " / ".join(dict.fromkeys((result.message_zh, result.message_en)))
    return f"  {result.severity}: {messages}\n    {result.focus}{about}{value}"


def _json_lines(name: str, report: ValidationReport) -> Iterator[str]:
    for result in report.results:
        yield json.dumps({"file": name, **result.as_json()}, ensure_ascii=False)


def _turtle(name: str, report: ValidationReport) -> Iterator[str]:
    yield report.graph(Path(name).absolute().as_uri()).serialize(format="turtle")


_WRITERS = {"text": _text, "json": _json_lines, "turtle": _turtle}
