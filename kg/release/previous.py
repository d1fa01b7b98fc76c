"""What was released before: what a new release is compared with, and the plans that it keeps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import PlanlinkError
from kg.release.cache import Cache
from kg.release.compiled import Compiled, kept_plan
from kg.release.current import current
from kg.release.manifest import (
    Manifest,
    PastRelease,
    PlanEntry,
    check_released,
    numbers,
    read_manifest,
)
from kg.source.gazetteer import may_be_one
from kg.source.plan import Plan
from kg.source.slugs import kind_of_plan

_NAMED = 10  # plans that a line names


@dataclass(frozen=True)
class PreviousReleases:
    """The releases before.

    folder, served: the folder and manifest of the current one, whose plans are kept.
    last_folder, last: those of the latest one: changes are found from it. It is another than the
        current one where that is an older one again.
    history: all of them, the first one first.
    """

    folder: Path
    served: Manifest
    last_folder: Path
    last: Manifest
    history: tuple[PastRelease, ...]

    @property
    def former(self) -> dict[str, PlanEntry]:
        """The plans of the latest one that it has a dump of, by slug."""
        return {plan.slug: plan for plan in self.last.plans if plan.dump}

    def with_kept(
        self,
        plans: list[Compiled],
        remove: tuple[str, ...],
        base: str,
        cache: Cache,
        say: Callable[[str], None],
    ) -> list[Compiled]:
        """Plans that were read with those that are kept beside them, in the order of the current
        release: the order of folders' names says nothing of what they hold.

        Args:
            remove: the slugs of those that are to be taken out; plans that were read may have them.
            say: called with a line on which plans are kept.

        Raises:
            PlanlinkError: a plan cannot be kept, or one to be removed is not there.
        """
        there = [plan.slug for plan in self.served.plans]
        read = {one.slug for one in plans}
        for slug in remove:
            if slug not in there:
                raise PlanlinkError.of(
                    "removed_unknown", f"--remove {slug}", slug, ", ".join(there)
                )
        staying = [plan for plan in self.served.plans if plan.slug not in {*read, *remove}]
        if staying and self.served.base != base:
            raise PlanlinkError.of("publication_base", _few(staying), self.served.base)
        kept = [kept_plan(cache, self.folder, self.served, plan) for plan in staying]
        if kept:
            say(f"kept as they are: {_few(staying)} (--remove SLUG takes one out)")
        order = {slug: place for place, slug in enumerate(there)}
        return sorted([*kept, *plans], key=lambda one: order.get(one.slug, len(order)))


def is_same(entry: PlanEntry, plan: Plan) -> bool:
    """Whether what was released is a plan as it is now: of the same text, whatever was corrected in
    plan.toml, or else of the same area and kind, in periods that overlap."""
    (first, last), (start, end) = entry.period, plan.period
    return entry.source_sha256 == plan.sha256 or (
        first <= end
        and start <= last
        and may_be_one(entry.area, plan.area)
        and kind_of_plan(entry.title, entry.area) == kind_of_plan(plan.title, plan.area)
    )


def _few(plans: Sequence[PlanEntry]) -> str:
    """The first slugs of plans, and how many there are beside."""
    more = len(plans) - _NAMED
    named = ", ".join(plan.slug for plan in plans[:_NAMED])
    return f"{named} and {more} more" if more > 0 else named


def read_previous(out: Path, say: Callable[[str], None]) -> PreviousReleases | None:
    """What was released before in a folder; None where nothing was.

    Args:
        say: called with what is damaged and can be done without.

    Raises:
        PlanlinkError: the current release is damaged.
    """
    there = numbers(out)
    if not there:
        return None
    if not (out / "current").exists():
        raise PlanlinkError.of("current_broken", out / "current")
    folder = current(out)
    last = served = read_manifest(folder)
    last_folder = out / "releases" / str(there[-1])
    if there[-1] == served.release:
        _check_dumps(folder, served)
    else:
        try:
            last = read_manifest(last_folder)
            _check_dumps(last_folder, last)
        except PlanlinkError as error:
            say(f"{error}. Changes are counted from release {served.release}")
            last, last_folder = served, folder
            _check_dumps(folder, served)
    known = {one.number: one for one in (*last.history, last.as_past)}
    for number in there:
        if number not in known:  # early releases do not say what was before them
            try:
                known[number] = read_manifest(out / "releases" / str(number)).as_past
            except PlanlinkError as error:
                say(f"{error}. The history goes on without release {number}")
    history = tuple(known[number] for number in sorted(known))
    return PreviousReleases(folder, served, last_folder, last, history)


def _check_dumps(folder: Path, manifest: Manifest) -> None:
    """Refuse a release whose dumps are not what was published: what changed is found from them."""
    for plan in manifest.plans:
        if plan.dump:
            check_released(folder, manifest, f"dumps/{plan.dump}")
