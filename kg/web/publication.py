"""Publishing a plan from its page: a process of its own works on it, one at a time, and writes down
how far it has come.

    python -m kg.web.publication    with a pickled Order on standard input
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from kg.errors import CannotWriteError, PlanlinkError
from kg.files import lock, write_durably
from kg.release.current import current
from kg.release.engine import engine_of
from kg.release.manifest import read_manifest
from kg.settings import Settings
from kg.sparql.processes import PYTHON, started
from kg.web.messages import Message, message_of

_FOLDER, _STATE, _LOCK = ".publication", "state.json", "lock"  # in the folder of releases
_NICE = 5  # visitors come first
_SECRET = "PLANLINK_TOKEN"  # where tokens are set: nothing that publishes needs them


@dataclass(frozen=True)
class Order:
    """What is to be published: a plan, by its folder and slug, into a folder of releases (out),
    under which settings, and by whom."""

    out: Path
    folder: Path
    slug: str
    settings: Settings
    by: str


@dataclass(frozen=True)
class Publication:
    """The publication of a plan that was ordered last, by whom, and how far it has come: when it
    began and ended (ISO 8601; "" until then), the step being done, how many were done, of how many
    (0 until that is known), the number of the release that came of it (0 for none), whether that is
    a new one, and why nothing was released, by language."""

    slug: str
    by: str
    begun: str
    ended: str = ""
    step: str = ""
    done: int = 0
    steps: int = 0
    release: int = 0
    changed: bool = False
    refusal: dict[str, str] = field(default_factory=dict)


def last_publication(out: Path) -> Publication | None:
    """The publication that was ordered last; None where none was yet. One whose process was killed
    has ended with that as its refusal."""
    found = _read(out)
    if found is None or found.ended or _is_running(out):
        return found
    found = _read(out) or found  # it may have ended between the two looks
    if found.ended:
        return found
    return replace(found, ended=found.begun, refusal=_worded(Message("publication_killed")))


def _read(out: Path) -> Publication | None:
    try:
        return msgspec.json.decode((out / _FOLDER / _STATE).read_bytes(), type=Publication)
    except FileNotFoundError:
        return None


def start_publication(order: Order) -> None:
    """Publish a plan in a process of its own, which goes on when this one ends; PlanlinkError where
    another publication is under way, another engine holds the release, or its folder cannot be
    written."""
    if (engine := engine_of(current(order.out))) is not None:
        raise PlanlinkError.of("publication_engine", engine)
    folder = order.out / _FOLDER
    try:
        folder.mkdir(exist_ok=True)
        with (folder / _LOCK).open("w") as held:
            lock(held.fileno(), wait=False)
            begun = Publication(order.slug, order.by, _now())
            _write(folder, begun)
            process = started(
                [*PYTHON, "kg.web.publication"],
                replace(order, settings=order.settings.with_values("server", tokens=())),
                stdout=subprocess.DEVNULL,
                pass_fds=(held.fileno(),),  # it holds the lock until it ends
                start_new_session=True,
                env={name: value for name, value in os.environ.items() if _SECRET not in name},
            )
            threading.Thread(target=process.wait, daemon=True).start()  # no zombie is left of it
    except BlockingIOError as error:
        raise PlanlinkError.of("publication_busy", order.out) from error
    except OSError as error:
        raise CannotWriteError(error, folder) from error


def carry_out(order: Order, tell: Callable[[Publication], None]) -> None:
    """Publish what is ordered, and tell how far that has come, at the end what came of it."""
    from kg.pipeline import PLAN_STEPS, RELEASE_STEPS, publish  # noqa: PLC0415
    from kg.release.assemble import Publishing  # noqa: PLC0415

    steps = (*PLAN_STEPS, *RELEASE_STEPS)
    now = Publication(order.slug, order.by, _now(), steps=len(steps))

    def step(name: str) -> None:
        tell(replace(now, step=name, done=steps.index(name) if name in steps else 0))

    before = read_manifest(current(order.out)).release
    try:
        publishing = Publishing(step, _log, by=order.by)
        made = publish([order.folder], order.out, order.settings, publishing).release
        now = replace(now, release=made, changed=made != before)
    except PlanlinkError as error:
        now = replace(now, refusal=_worded(message_of(error)))
    except Exception as error:
        tell(replace(now, ended=_now(), refusal=_worded(Message("http_500", type(error).__name__))))
        raise
    tell(replace(now, ended=_now(), done=len(steps)))


def _log(note: str) -> None:
    print(f"planlink: {note}", file=sys.stderr, flush=True)


def _worded(message: Message) -> dict[str, str]:
    return {language: message.worded(language) for language in ("zh", "en")}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_running(out: Path) -> bool:
    try:
        with (out / _FOLDER / _LOCK).open("a") as held:
            lock(held.fileno(), wait=False)
    except BlockingIOError:
        return True
    except OSError:  # nobody can publish in a folder that cannot be written
        return False
    return False


def _write(folder: Path, publication: Publication) -> None:
    write_durably(folder / _STATE, msgspec.json.encode(publication))


def main() -> None:
    """Read what is to be published, and publish it."""
    order: Order = pickle.load(sys.stdin.buffer)
    os.nice(_NICE)
    carry_out(order, lambda now: _write(order.out / _FOLDER, now))


if __name__ == "__main__":
    main()
