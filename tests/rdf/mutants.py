"""Faults planted by program: for each class and property of a graph, what can go wrong with its
value. What no shape finds, and why that may be, is listed in unseen.toml."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.rdf.namespaces import PREFIXES, local_name

Triple = tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]

PLAN = PREFIXES["plan"]
XSD = PREFIXES["xsd"]
TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
UNSEEN = Path(__file__).parent / "unseen.toml"
SIZE = 24  # mutants in a lot
MUCH = 12  # things that lead to one: more, and faults of them are planted beside each other
NUMBERS = {f"{XSD}{name}" for name in ("decimal", "integer", "nonNegativeInteger", "double")}
TIMES = {f"{XSD}{name}" for name in ("gYear", "date", "dateTime")}


@dataclass(frozen=True)
class Mutant:
    """One fault: the class and property that it is of ("" for a thing as a whole), its kind, and
    what it takes away and adds."""

    of_class: str
    of_property: str
    kind: str
    removed: tuple[Triple, ...]
    added: tuple[Triple, ...]

    @property
    def name(self) -> str:
        """Class, property and kind."""
        return " ".join(filter(None, (self.of_class, self.of_property, self.kind)))

    @property
    def touched(self) -> set[str]:
        """The IRIs of what it changes."""
        terms = [
            term
            for s, p, o in (*self.removed, *self.added)
            for term in ((s,) if p == TYPE else (s, o))
        ]
        return {term.value for term in terms if isinstance(term, ox.NamedNode)}


class Things:
    """A graph by its things.

    Args:
        triples: the graph.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = sorted(dict.fromkeys(triples), key=str)
        self.about: dict[object, list[Triple]] = defaultdict(list)
        self.to: dict[object, list[Triple]] = defaultdict(list)
        for triple in self.triples:
            self.about[triple[0]].append(triple)
            self.to[triple[2]].append(triple)

    @cached_property
    def classes(self) -> dict[object, str]:
        """The class of each thing: planlink's own, the narrowest, before those of others."""
        return {thing: name for thing in self.about if (name := self._class(thing))}

    def _class(self, thing: object) -> str:
        names = [str(o.value) for _, p, o in self.about[thing] if p == TYPE]
        own = sorted(local_name(name) for name in names if name.startswith(PLAN))
        wider = [name for name in own if name not in ("Value", "Goal")] or own
        return wider[0] if wider else min((local_name(name) for name in names), default="")

    @cached_property
    def uses(self) -> dict[tuple[str, str], list[Triple]]:
        """The triples of each class and property."""
        found: dict[tuple[str, str], list[Triple]] = defaultdict(list)
        for triple in self.triples:
            if triple[0] in self.classes and triple[1] != TYPE:
                found[self.classes[triple[0]], local_name(triple[1].value)].append(triple)
        return dict(sorted(found.items()))


Kind = Callable[[Things, Triple], Iterator[Triple]]


def _with(value: str, of: ox.Literal) -> ox.Literal:
    """A literal with another text."""
    if of.language:
        return ox.Literal(value, language=of.language)
    return ox.Literal(value, datatype=of.datatype)


def _same_use(things: Things, triple: Triple) -> list[Triple]:
    return things.uses[things.classes[triple[0]], local_name(triple[1].value)]


def _none(_: Things, triple: Triple) -> Iterator[Triple]:
    yield from ()


def _kept_and(change: Kind) -> Kind:
    """A further value beside the one that stands."""

    def kind(things: Things, triple: Triple) -> Iterator[Triple]:
        found = [*change(things, triple)]
        if found:
            yield triple
            yield from found

    return kind


def _of_another(things: Things, triple: Triple) -> Iterator[Triple]:
    """The value of another thing of the class."""
    s, p, o = triple
    own = {o for _, q, o in things.about[s] if q == p}
    tag = getattr(o, "language", None)
    others = [
        v
        for t, _, v in _same_use(things, triple)
        if t != s and v not in own and getattr(v, "language", None) == tag
    ]
    if others:
        yield s, p, others[len(others) // 2]


def _in_another_class(things: Things, triple: Triple) -> Iterator[Triple]:
    """A thing of another class instead."""
    s, p, o = triple
    if isinstance(o, ox.NamedNode):
        kind = things.classes.get(o)
        wanted = "Section" if kind != "Section" else "Passage"
        other = next((t for t, c in things.classes.items() if c == wanted and t != s), None)
        if isinstance(other, ox.NamedNode):
            yield s, p, other


def _gone(_: Things, triple: Triple) -> Iterator[Triple]:
    """An IRI that nothing is said of."""
    s, p, o = triple
    if isinstance(o, ox.NamedNode):
        yield s, p, ox.NamedNode(f"{o.value}-0")


def _of_another_plan(_: Things, triple: Triple) -> Iterator[Triple]:
    """The thing that has the same place in another plan."""
    s, p, o = triple
    if (
        isinstance(o, ox.NamedNode)
        and (other := re.sub(r"/id/(?!area/|period/)[^/]+", "/id/another-2021", o.value)) != o.value
    ):
        yield s, p, ox.NamedNode(other)


def _itself(_: Things, triple: Triple) -> Iterator[Triple]:
    s, p, o = triple
    if isinstance(o, ox.NamedNode):
        yield s, p, s


def _as_text(_: Things, triple: Triple) -> Iterator[Triple]:
    """An IRI as a text."""
    s, p, o = triple
    if isinstance(o, ox.NamedNode):
        yield s, p, ox.Literal(o.value)


def _other_datatype(_: Things, triple: Triple) -> Iterator[Triple]:
    s, p, o = triple
    if isinstance(o, ox.Literal) and not o.language:
        other = "string" if o.datatype.value != f"{XSD}string" else "token"
        yield s, p, ox.Literal(o.value, datatype=ox.NamedNode(f"{XSD}{other}"))


def _text(change: Callable[[str], str], tagged: bool = False) -> Kind:
    """Another text of a literal that is neither number nor time."""

    def kind(_: Things, triple: Triple) -> Iterator[Triple]:
        s, p, o = triple
        if not isinstance(o, ox.Literal) or (tagged and not o.language):
            return
        if o.datatype.value not in NUMBERS | TIMES and (new := change(o.value)) != o.value:
            yield s, p, _with(new, o)

    return kind


def _tag(change: Callable[[str], str]) -> Kind:
    def kind(_: Things, triple: Triple) -> Iterator[Triple]:
        s, p, o = triple
        if isinstance(o, ox.Literal) and o.language:
            new = change(o.language)
            yield s, p, ox.Literal(o.value, language=new) if new else ox.Literal(o.value)

    return kind


def _number(change: Callable[[float], float]) -> Kind:
    def kind(_: Things, triple: Triple) -> Iterator[Triple]:
        s, p, o = triple
        if isinstance(o, ox.Literal) and o.datatype.value in NUMBERS:
            old = float(o.value)
            new = change(old)
            if new != old:
                yield s, p, _with(str(int(new)) if new == int(new) else f"{new:.4f}", o)

    return kind


def _year(by: int) -> Kind:
    def kind(_: Things, triple: Triple) -> Iterator[Triple]:
        s, p, o = triple
        if isinstance(o, ox.Literal) and o.datatype.value in TIMES:
            yield s, p, _with(f"{int(o.value[:4]) + by:04}{o.value[4:]}", o)

    return kind


def _reversed(_: Things, triple: Triple) -> Iterator[Triple]:
    """The statement the wrong way round."""
    s, p, o = triple
    if isinstance(o, ox.NamedNode):
        yield o, p, s  # type: ignore[misc]


def _misspelt(_: Things, triple: Triple) -> Iterator[Triple]:
    s, p, o = triple
    yield s, ox.NamedNode(f"{p.value}s"), o


KINDS: dict[str, Kind] = {
    "is lost": _none,
    "is of another": _of_another,
    "stands twice": _kept_and(_of_another),
    "is of another class": _in_another_class,
    "is nowhere": _gone,
    "is of another plan": _of_another_plan,
    "is itself": _itself,
    "is a text": _as_text,
    "has another datatype": _other_datatype,
    "is blank": _text(lambda old: " "),
    "is broken": _text(lambda old: f"{old[:-1]}\N{REPLACEMENT CHARACTER}"),
    "is cut": _text(lambda old: old[: len(old) // 2]),
    "has another language": _tag(lambda old: "en" if old == "zh" else "zh"),
    "has no language": _tag(lambda old: ""),
    "is negative": _number(lambda old: -old),
    "is ten times as much": _number(lambda old: old * 10),
    "is one more": _number(lambda old: old + 1),
    "is ten years later": _year(10),
    "is ten years earlier": _year(-10),
    "is a year later": _year(1),
    "is the other way round": _reversed,
    "is misspelt": _misspelt,
}


def mutants(things: Things, each: int = 1) -> Iterator[Mutant]:
    """Mutants of every class, property and kind.

    Args:
        things: the graph.
        each: how many of a kind at most, of things spread over the graph.
    """
    for (about, name), triples in things.uses.items():
        for kind, change in KINDS.items():
            made = 0
            for triple in _spread(triples):
                if made == each:
                    break
                new = tuple(change(things, triple))
                if new or kind == "is lost":
                    made += 1
                    yield Mutant(about, name, kind, (triple,), new)
    yield from _whole(things, each)


def _spread(triples: list[Triple]) -> Iterator[Triple]:
    """Triples from the middle outwards, so that neither the first nor the last always serves."""
    half = len(triples) // 2
    yield from triples[half:]
    yield from triples[:half]


def _whole(things: Things, each: int) -> Iterator[Mutant]:
    """What can go wrong with a thing as a whole."""
    of_class: dict[str, list[object]] = defaultdict(list)
    for thing, name in things.classes.items():
        if isinstance(thing, ox.NamedNode):
            of_class[name].append(thing)
    for name, found in of_class.items():
        for thing in found[len(found) // 2 :][:each]:
            assert isinstance(thing, ox.NamedNode)
            said = tuple(things.about[thing])
            types = tuple(t for t in said if t[1] == TYPE)
            twin = ox.NamedNode(f"{thing.value}-twin")
            yield Mutant(name, "", "has no type", types, ())
            yield Mutant(name, "", "is described nowhere", said, ())
            yield Mutant(name, "", "is there twice", (), tuple((twin, p, o) for _, p, o in said))
            yield Mutant(
                name, "", "is gone with all that leads to it", (*said, *things.to[thing]), ()
            )
            for kind in ("Zone", "Measure", "Target", "Passage"):
                if kind != name:
                    other = (thing, TYPE, ox.NamedNode(f"{PLAN}{kind}"))
                    yield Mutant(name, "", f"is a {kind} too", (), (other,))
                    break


def planted(things: Things, lot: Iterable[Mutant]) -> list[Triple]:
    """The graph with mutants in it."""
    graph = dict.fromkeys(things.triples)
    for mutant in lot:
        for triple in mutant.removed:
            graph.pop(triple, None)
        graph.update(dict.fromkeys(mutant.added))
    return list(graph)


def lots(things: Things, found: Iterable[Mutant], size: int) -> list[list[Mutant]]:
    """Mutants in lots that can be planted at once: none of a lot touches what another touches, but
    for what much leads to."""
    made: list[tuple[set[str], list[Mutant]]] = []
    for mutant in found:
        near = {iri for iri in mutant.touched if len(things.to[ox.NamedNode(iri)]) < MUCH}
        lot = next((lot for lot in made if len(lot[1]) < size and not lot[0] & near), None)
        if lot is None:
            made.append((near, [mutant]))
        else:
            lot[0].update(near)
            lot[1].append(mutant)
    return [mutants for _, mutants in made]


def missed(
    things: Things, found: Iterable[Mutant], at_fault: Callable[[list[Triple]], set[str]]
) -> list[Mutant]:
    """Mutants that are not found.

    Args:
        things: the graph.
        found: the mutants, planted several at once.
        at_fault: what is reported of a graph, as texts that tell one report from another and
            begin with the node at fault.
    """
    before = at_fault(things.triples)
    pending = lots(things, found, SIZE)
    none: list[Mutant] = []
    while pending:
        lot = pending.pop()
        reported = at_fault(planted(things, lot)) - before
        if not reported:
            none += lot
        elif len(lot) > 1:
            named = {one.partition(" ")[0] for one in reported}
            rest = [mutant for mutant in lot if not mutant.touched & named]
            half = len(rest) // 2 if len(rest) == len(lot) else 0
            pending += [part for part in (rest[:half], rest[half:]) if part]
    return sorted(none, key=lambda mutant: mutant.name)


def told_why(mutant: Mutant) -> str:
    """Why a mutant need not be found; "" where the table does not say."""
    for one in tomllib.loads(UNSEEN.read_text(encoding="utf-8"))["unseen"]:
        if any(fnmatchcase(mutant.name, name) for name in one["mutants"]):
            return str(one["why"])
    return ""
