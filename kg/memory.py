"""Memory: what is loaded stays, and is not looked through for garbage again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ALLOCATIONS = 100_000  # objects made, beyond those given up, until garbage is looked for


@contextmanager
def garbage_seldom_looked_for() -> Iterator[None]:
    """Collect garbage rarely: plans stay in memory, and looking takes a sixth of the time."""
    first, *others = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS, *others)
    try:
        yield
    finally:
        gc.set_threshold(first, *others)
