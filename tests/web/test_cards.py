"""Cells that know the heads of their columns, and words that follow their number."""

from flask import Flask, g

from kg.web.context import Counted, grouped
from kg.web.markup import with_heads


def test_each_cell_knows_its_head_and_an_empty_one_says_so() -> None:
    made = with_heads(
        '<tr><th scope="row">1</th><td class="n"> </td></tr><tr><td>2</td>', ["#", "<b>"]
    )
    assert made == (
        '<tr><th data-head="#" scope="row">1</th><td data-empty data-head="&lt;b&gt;" class="n"> '
        "</td>"
        '</tr><tr><td data-head="#">2</td>'
    )


def test_words_follow_their_number() -> None:
    said = "{0} {0:measure|measures}, {1:.1f}"
    assert said.format(Counted(1), 2.0) == "1 measure, 2.0"
    assert said.format(Counted(0), 2.0) == "0 measures, 2.0"


def test_counts_have_commas_in_english_alone() -> None:
    with Flask(__name__).app_context():
        for language, said in (("en", "1,178"), ("zh", "1178")):
            g.language = language
            assert grouped(1178) == said
