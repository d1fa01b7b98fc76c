"""Whose turn it is among long queries, decided from what runs."""

from __future__ import annotations

from kg.sparql.request import Limits
from kg.sparql.slots import Work
from kg.sparql.turns import Decision, Turns

LIMITS = Limits(quick=0.01, still=0.1, heavy=2, serving=2)


def decision(
    pause: tuple[int, ...] = (),
    go_on: tuple[int, ...] = (),
    serve: tuple[int, ...] = (),
    held: tuple[int, ...] = (),
) -> Decision:
    return Decision(pause, go_on, (), frozenset(serve), frozenset(held))


def work(begun: float, until: float = 100.0) -> Work:
    return Work(begun, until, spent_before=1.0)


def test_long_queries_beyond_those_that_run_are_paused_and_go_on_in_turn() -> None:
    turns = Turns(LIMITS)
    at = {slot: work(begun=slot / 1000) for slot in (3, 1, 2, 0)}
    spent = dict.fromkeys(at, 1.02)
    first = turns.decide(at, spent, now=1.0)
    assert first == decision(pause=(2, 3), held=(0, 1, 2, 3))
    assert turns.decide(at, spent, now=1.01) == decision(held=(0, 1, 2, 3))
    del at[0]
    assert turns.decide(at, spent, now=1.02).go_on == (2,)
    del at[1], spent[1]  # its process is no more
    assert turns.decide(at, spent, now=1.03).go_on == (3,)


def test_those_that_have_used_little_come_before_those_that_may_be_endless() -> None:
    turns = Turns(LIMITS)
    at = {slot: work(begun=slot / 1000) for slot in range(4)}
    spent = {0: 1.3, 1: 1.3, 2: 1.3, 3: 1.3}
    assert turns.decide(at, spent, now=1.0).pause == (2, 3)
    at[4], spent[4] = work(begun=0.9), 1.011
    at[5], spent[5] = work(begun=0.9), 1.025
    assert turns.decide(at, spent, now=1.1).pause == (0, 1)
    spent[4] = 1.021  # on the level of slot 5 now: both go on
    assert turns.decide(at, spent, now=1.11) == decision(held=(0, 1, 2, 3, 4, 5))
    del at[4], at[5], spent[4], spent[5]  # their processes are no more
    assert turns.decide(at, spent, now=1.2).go_on == (0, 1)


def test_short_queries_are_left_alone() -> None:
    at = {slot: work(begun=0.95) for slot in range(9)}
    assert Turns(LIMITS).decide(at, dict.fromkeys(at, 1.009), now=1.0) == decision(serve=(0, 1))


def test_nothing_is_paused_while_long_queries_end() -> None:
    turns = Turns(LIMITS)
    spent = dict.fromkeys(range(4), 1.02)
    assert turns.decide({0: work(0.9)}, spent, now=1.0).pause == ()
    later = {
        slot: work(begun=1.01) for slot in range(4)
    }  # the first slot has ended what it did, and begun anew
    assert turns.decide(later, spent, now=1.05) == decision()
    assert turns.decide(later, spent, now=1.2).pause == (2, 3)


def test_a_killed_query_has_not_ended_by_itself() -> None:
    turns = Turns(LIMITS)
    at = {slot: work(begun=slot / 1000) for slot in range(3)}
    turns.decide(at, dict.fromkeys(at, 1.02), now=1.0)
    del at[0]
    after = turns.decide(at | {5: work(0.99)}, dict.fromkeys((1, 2, 5), 1.02), now=1.01)
    assert (after.pause, after.go_on) == ((5,), (2,))


def test_one_paused_just_as_it_ended_goes_on() -> None:
    turns = Turns(LIMITS)
    at = {slot: work(begun=slot / 1000) for slot in range(3)}
    spent = dict.fromkeys(at, 1.02)
    assert turns.decide(at, spent, now=1.0).pause == (2,)
    del at[2]
    assert turns.decide(at, spent, now=1.01).go_on == (2,)


def test_a_paused_query_is_ended_at_its_limit() -> None:
    turns = Turns(LIMITS)
    at = {slot: work(begun=slot / 1000, until=2.0) for slot in range(3)}
    spent = dict.fromkeys(at, 1.02)
    assert turns.decide(at, spent, now=1.99).end == ()
    assert turns.decide(at, spent, now=2.01).end == (2,)


def test_a_slow_client_holds_its_process_but_pauses_nobody() -> None:
    at = {0: work(begun=0.5), 1: work(begun=0.99)}
    assert Turns(LIMITS).decide(at, {0: 1.001, 1: 1.001}, now=1.0) == decision(
        serve=(1,), held=(0,)
    )


def test_the_same_processes_serve_as_long_as_they_can() -> None:
    turns = Turns(LIMITS)
    short = dict.fromkeys(range(4), 1.0)
    assert turns.decide({}, short, now=1.0).serve == {0, 1}
    reading_slowly = {0: work(begun=1.0)}
    assert turns.decide(reading_slowly, short, now=1.2).serve == {1, 2}
    assert turns.decide({}, short, now=1.3).serve == {1, 2}
    del short[1]  # its process is no more
    assert turns.decide({}, short, now=1.4).serve == {0, 2}


def test_all_free_processes_serve_beside_a_long_query() -> None:
    turns = Turns(LIMITS)
    spent = dict.fromkeys(range(4), 1.0) | {1: 1.02}
    assert turns.decide({1: work(begun=0.9)}, spent, now=0.95).serve == {0, 2, 3}
