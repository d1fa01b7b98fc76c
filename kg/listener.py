"""The socket that the web server listens on."""

from __future__ import annotations

import socket
from collections.abc import Callable


class Listener(socket.socket):
    """A socket bound to an address; each process that it is sent to gets one of its own
    (SO_REUSEPORT).

    The system then shares connections out. One socket for all would leave them to the process that
    wakes first, which halved what two processes answered to a few clients.
    """

    @classmethod
    def bound(cls, host: str, port: int, shared: bool = True) -> Listener:
        """A socket bound to an address.

        Args:
            host, port: the address.
            shared: whether other processes of ours may be bound to it too.

        Raises:
            OSError: the address is not there, or somebody has it.
        """
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        listener = cls(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
        return listener

    def __reduce__(self) -> tuple[Callable[[str, int], Listener], tuple[str, int]]:
        return self.bound, self.getsockname()[:2]
