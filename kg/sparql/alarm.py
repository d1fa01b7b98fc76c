"""An alarm that ends a process which uses too much CPU time: timer_create(2) on the process's own
clock.

Python's setitimer will not do: it counts the system's clock ticks, of up to 10 ms, and one that
falls into a short piece of work counts in full.
"""

from __future__ import annotations

import ctypes
import signal

_CLOCK_PROCESS_CPUTIME_ID = 2
_SIGEV_SIGNAL = 0


class _Event(ctypes.Structure):
    """The beginning of struct sigevent(3type), and room for its rest."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signo", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("rest", ctypes.c_char * 48),
    )


class _Setting(ctypes.Structure):
    """struct itimerspec(3type): the interval, and when it ends, each in seconds and nanoseconds; 0
    is never."""

    _fields_ = (("interval", ctypes.c_long * 2), ("value", ctypes.c_long * 2))


class CpuAlarm:
    """Ends the process that made it when, while it is set, so much CPU time has been used.

    Args:
        seconds: of CPU time, from when it is set.
    """

    def __init__(self, seconds: float) -> None:
        system = ctypes.CDLL(None, use_errno=True)
        event, timer = _Event(signo=signal.SIGPROF, notify=_SIGEV_SIGNAL), ctypes.c_void_p()
        if system.timer_create(_CLOCK_PROCESS_CPUTIME_ID, ctypes.byref(event), ctypes.byref(timer)):
            raise OSError(ctypes.get_errno(), "timer_create")
        whole, part = divmod(seconds, 1)
        self._settime, self._timer = system.timer_settime, timer
        self._set, self._never = (
            ctypes.byref(_Setting(value=(int(whole), int(part * 1e9)))),
            ctypes.byref(_Setting()),
        )

    def set(self) -> None:
        """Begin to count; nothing handles the signal that then comes, so that it ends the
        process."""
        self._settime(self._timer, 0, self._set, None)

    def clear(self) -> None:
        """Count no longer."""
        self._settime(self._timer, 0, self._never, None)
