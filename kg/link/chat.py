"""One question to a chat endpoint that speaks the protocol of OpenAI, within a time and a size."""

import ipaddress
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import urllib3

from kg.errors import PlanlinkError

_LARGEST = 256 * 1024  # bytes of an answer
_BUSY = (408, 425, 429, *range(500, 600))  # statuses of a server that may answer the next question


class NoAnswerError(Exception):
    """One question was not answered; the next may be. Its text says why, in a few words."""


class TooLateError(NoAnswerError):
    """The answer did not come in time."""

    def __init__(self) -> None:
        super().__init__("no answer in time")


@dataclass(frozen=True)
class Chat:
    """An endpoint and the model asked there.

    endpoint: its address up to /chat/completions (http://localhost:11434/v1).
    key: the secret it wants, "" for none; it is in no message.
    seconds: how long one question may take.
    """

    endpoint: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 60.0

    def __post_init__(self) -> None:
        parts = _parts(self.endpoint)
        if self.key and (not self.key.isascii() or not self.key.isprintable() or " " in self.key):
            raise PlanlinkError.of("endpoint_key_characters", "PLANLINK_SUGGEST_KEY")
        if self.key and parts.scheme == "http" and not _is_local(parts.hostname or ""):
            raise PlanlinkError.of("endpoint_key_open", self.place)

    @property
    def place(self) -> str:
        """The address as messages have it, without its query."""
        parts = _parts(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"

    def ask(self, system: str, question: str) -> str:
        """Ask a question and return the words of the answer: NoAnswerError where there is none,
        PlanlinkError where no question will be answered: nobody is there, or the server refuses."""
        query = _parts(self.endpoint).query
        said = ("system", system), ("user", question)
        messages = [{"role": role, "content": words} for role, words in said]
        asked = {"model": self.model, "temperature": 0, "messages": messages}
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        address = f"{self.place}/chat/completions{'?' if query else ''}{query}"
        return _words(self._post(address, json.dumps(asked).encode(), headers))

    def _post(self, address: str, body: bytes, headers: dict[str, str]) -> bytes:
        end = time.monotonic() + self.seconds
        timeout = urllib3.Timeout(total=self.seconds)
        options: Any = {"redirect": False, "preload_content": False}
        with urllib3.PoolManager(headers=headers, retries=False, timeout=timeout) as pool:
            try:
                answer = pool.request("POST", address, body=body, **options)
                self._refuse(answer.status)
                return self._read(answer, end)
            except (
                urllib3.exceptions.ConnectTimeoutError,
                urllib3.exceptions.NewConnectionError,
                urllib3.exceptions.NameResolutionError,
                urllib3.exceptions.SSLError,
                urllib3.exceptions.LocationValueError,
            ) as error:
                why = type(error).__name__
                raise PlanlinkError.of("endpoint_silent", self.place, why) from error
            except urllib3.exceptions.TimeoutError as error:
                raise TooLateError from error
            except urllib3.exceptions.HTTPError as error:
                raise NoAnswerError("a broken answer") from error

    def _refuse(self, status: int) -> None:
        if status in _BUSY:
            raise NoAnswerError(f"status {status}")
        if status in (401, 403):
            raise PlanlinkError.of("endpoint_key_wrong", self.place, status)
        if status != 200:
            raise PlanlinkError.of("endpoint_status", self.place, status)

    def _read(self, answer: Any, end: float) -> bytes:
        """The body, of which no more is read than is allowed, nor longer."""
        body = bytearray()
        while chunk := answer.read1(65536):
            body += chunk
            if len(body) > _LARGEST:
                raise NoAnswerError("an answer that is too long")
            if time.monotonic() > end:
                raise TooLateError
        return bytes(body)


def _words(body: bytes) -> str:
    try:
        choice = json.loads(body)["choices"][0]
        message = choice["message"]
        words = message["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise NoAnswerError("no answer of a chat") from error
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        raise NoAnswerError("a refusal")
    if not isinstance(words, str) or choice.get("finish_reason") == "length":
        raise NoAnswerError("an answer that was cut off")
    return words


def _parts(endpoint: str) -> Any:
    try:
        parts = urlsplit(endpoint)
        right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        known = parts.username is None and parts.password is None and not parts.fragment
    except ValueError:
        right = known = False
    if not right or not known or any(c.isspace() or not c.isprintable() for c in endpoint):
        raise PlanlinkError.of("endpoint_address", "--endpoint")
    return parts


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
