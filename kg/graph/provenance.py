"""By what program a plan's data came about; how they did is in plan.ttl."""

from importlib.metadata import version


def program() -> str:
    """The program with its version: planlink 0.1.0."""
    return f"planlink {version('planlink')}"
