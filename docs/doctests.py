"""A griffe extension: doctests in docstrings are shown as code in the Python reference."""

from __future__ import annotations

import re
from typing import Any

import griffe

_DOCTEST = re.compile(r"(?m)^>>> .*(?:\n(?!\s*$).+)*(?:\n\s*\n>>> .*(?:\n(?!\s*$).+)*)*")


def fenced(text: str) -> str:
    """A docstring with each run of doctests between code fences."""
    return _DOCTEST.sub(lambda found: f"```pycon\n{found[0]}\n```", text)


class Doctests(griffe.Extension):
    """Puts doctests between code fences."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of an object that was loaded."""
        _rewrite(obj)

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Rewrite the docstring of the package itself, which is no object of another one."""
        _rewrite(pkg)


def _rewrite(obj: griffe.Object) -> None:
    if obj.docstring is not None and "```pycon" not in obj.docstring.value:
        obj.docstring.value = fenced(obj.docstring.value)
