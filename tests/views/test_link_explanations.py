"""Why a link holds, as pages word it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.rdf.namespaces import PREFIXES
from kg.views.entity import EntityReader

LINK = """INSERT DATA {
  <urn:m> a plan:Measure ; plan:locatedIn <urn:z> . <urn:z> a plan:Zone .
  <urn:l> a plan:Link ; rdf:subject <urn:m> ; rdf:predicate plan:locatedIn ; rdf:object <urn:z> ;
    plan:method plan:%s ; prov:wasQuotedFrom <urn:sentence> , <urn:name> %s .
  <urn:sentence> plan:text "建设青禾新\\n城。"@zh .
  <urn:name> plan:text "青木新\\n城"@zh ; plan:correctedText "青禾新\\n城"@zh }"""


@pytest.mark.parametrize(
    ("method", "more", "zh", "en"),
    [
        ("NamedInSentence", "", "句中写明“青禾新城”", "the sentence names “青禾新城”"),
        ("QuantityWords", "; plan:score 0.91", "可能性0.91", "probability 0.91"),
        ("SameQuantity", "; plan:explanation '两处一致'@zh, 'they agree'@en", "两处一致", "agree"),
        ("OfALaterVocabulary", "", "", ""),
    ],
)
def test_a_link_is_explained(method: str, more: str, zh: str, en: str) -> None:
    store = ox.Store()
    store.update(LINK % (method, more), prefixes=PREFIXES)
    for language, words in (("zh", zh), ("en", en)):
        page = EntityReader(store, language).entity("urn:m")
        (said,) = [one for group in page.outgoing for one in group.entities if one.link]
        assert words in said.explanation and bool(words) == bool(said.explanation)
