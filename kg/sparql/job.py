"""What a pool is given to do, and how a process ends with the one that started it: what those that
start others need of the pool, without all that a pool loads."""

import ctypes
import os
import signal
import socket
from dataclasses import dataclass

from kg.settings import Limits

BEATS = "beats"  # the folder for signs of life, in the runtime folder
NOT_OPENED = 3  # exit status where the dataset cannot be opened
PACKETS = socket.SOCK_SEQPACKET  # the kind of socket: a message arrives whole or not at all
_PR_SET_PDEATHSIG = 1  # prctl(2): a signal for when the parent ends


@dataclass(frozen=True)
class Job:
    """What a pool is for.

    folder: of the release or, where it may be written, of the dataset.
    held: where it may be written, the number of its open folder, which the one worker locks.
    listener: the number of the open socket to listen on.
    beats: the folder for its signs of life, the first when workers are there.
    limits: what each query may use.
    """

    folder: str
    held: int | None
    listener: int
    beats: str
    limits: Limits


def end_with_parent(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have this process sent a signal when its parent ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os._exit(1)
