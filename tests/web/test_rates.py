"""Requests are counted for all web processes together, by address."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.exceptions import TooManyRequests

from kg.web import bounds


def test_processes_share_their_counts(tmp_path: Path) -> None:
    one, other = bounds.Bound("3/minute", tmp_path).count, bounds.Bound("3/minute", tmp_path).count
    assert [
        one("192.0.2.1"),
        other("192.0.2.1"),
        one("192.0.2.1"),
        other("192.0.2.1"),
        one("192.0.2.2"),
    ] == [True, True, True, False, True]


def test_an_ipv6_network_is_one_client(tmp_path: Path) -> None:
    within = bounds.Bound("1/minute", tmp_path).count
    assert [
        within("2001:db8:0:1::1"),
        within("2001:db8:0:1:ffff::2"),
        within("2001:db8:0:2::1"),
        within("not an address"),
    ] == [
        True,
        False,
        True,
        True,
    ]


def test_ipv4_clients_of_a_socket_for_both_are_told_apart(tmp_path: Path) -> None:
    within = bounds.Bound("1/minute", tmp_path).count
    assert [within("::ffff:192.0.2.1"), within("::ffff:192.0.2.2"), within("::ffff:192.0.2.1")] == [
        True,
        True,
        False,
    ]


def test_a_window_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(bounds.time, "monotonic", lambda: now)
    bound = bounds.Bound("2/5 seconds")
    assert [bound.count("a"), bound.wait("a"), bound.count("a")] == [True, 0, True]
    now = 1004.9  # the first request of a window began it
    assert bound.wait("a") == 1 and not bound.count("a")
    now = 1001.5
    with pytest.raises(TooManyRequests, match="try again in 4 s") as refused:
        bound.require("a")
    assert refused.value.retry_after == 4
    now = 1005.0
    assert not bound.wait("a") and bound.count("a")


def test_where_no_server_has_made_counts() -> None:
    one, other = bounds.Bound("1/minute").count, bounds.Bound("1/minute").count
    assert [one(""), other(""), one("")] == [True, True, False]
