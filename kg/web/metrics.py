"""Metrics for Prometheus: requests, queries by kind and outcome, durations, cache hits."""

import os
from functools import cache
from typing import TypeVar

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

from kg.files import lock

_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
_ENDED = frozenset(("timeout", "memory", "busy"))
_FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")


@cache
def _place() -> int:
    """The first number that no other process counts under. Whoever replaces a process counts on in
    its files: there are no more of them than processes at a time."""
    number = 0
    while True:
        held = os.open(f"{_FOLDER}/{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            lock(held, wait=False)  # for as long as this process lives
        except BlockingIOError:
            os.close(held)
            number += 1
        else:
            return number


if _FOLDER:
    values.ValueClass = values.MultiProcessValue(_place)  # type: ignore[no-untyped-call]

_requests = Counter("planlink_requests_total", "HTTP requests answered", ["route", "status"])
_seconds = Histogram(
    "planlink_request_seconds", "Time to the head of an answer", ["route"], buckets=_BUCKETS
)
_queries = Counter(
    "planlink_queries_total", "Queries, updates and graph operations", ["operation", "outcome"]
)
_query_seconds = Histogram(
    "planlink_query_seconds",
    "Time from a query's arrival to the head of its answer",
    buckets=_BUCKETS,
)
_killed = Counter(
    "planlink_query_processes_ended_total",
    "Query processes ended at a limit, and replaced",
    ["reason"],
)
_cache = Counter(
    "planlink_answers_total", "Answers of queries, by where they came from", ["source"]
)


_Figure = TypeVar("_Figure", Counter, Histogram)


@cache
def _of(figure: _Figure, *labels: str) -> _Figure:
    """A figure for some values of its labels: to look it up costs more than to count."""
    return figure.labels(*labels)


def request(route: str, status: str, seconds: float) -> None:
    """Count an answered request."""
    _of(_requests, route, status).inc()
    _of(_seconds, route).observe(seconds)


def query(operation: str, outcome: str, seconds: float, kept: bool = False) -> None:
    """Count a query, update or graph operation."""
    _of(_queries, operation, outcome).inc()
    if outcome in _ENDED:
        _of(_killed, outcome).inc()
    if operation == "query" and outcome in ("ok", "not-modified"):
        source = "client" if outcome == "not-modified" else "cache" if kept else "evaluation"
        _of(_cache, source).inc()
    if seconds:
        _query_seconds.observe(seconds)


def exposition() -> tuple[bytes, str]:
    """What Prometheus reads, of all processes of this server, and its media type."""
    registry = REGISTRY
    if _FOLDER:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
