"""Work on plans by the workers of a cluster (dask.distributed), for who outgrows one machine."""

from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from kg.errors import PlanlinkError

_PATIENCE = 10  # seconds until a scheduler must have answered


@dataclass(frozen=True)
class Cluster:
    """Workers elsewhere.

    executor: gives them work. lost: what is raised where workers died of it, or the cluster went.
    """

    executor: Executor
    lost: tuple[type[BaseException], ...]


@contextmanager
def cluster_at(scheduler: str) -> Iterator[Cluster]:
    """The workers that a scheduler has. They must have the same planlink installed, and see the
    plans' folders and the cache under the same paths.

    Args:
        scheduler: its address, such as tcp://localhost:8786.

    Raises:
        PlanlinkError: dask.distributed is not installed, or no scheduler answers.
    """
    try:
        distributed: Any = import_module("distributed")  # an extra, slow to load
    except ImportError as error:
        raise PlanlinkError.of("dask_missing", "--scheduler") from error
    try:
        client = distributed.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PlanlinkError.of("scheduler_silent", scheduler) from error
    with client:
        yield Cluster(client.get_executor(pure=False), (distributed.KilledWorker, CancelledError))
