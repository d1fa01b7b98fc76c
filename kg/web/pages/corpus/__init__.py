"""Pages that answer questions about all plans of a release, on one blueprint."""

from kg.web.pages.corpus import indicators, levels, named, wordings
from kg.web.pages.corpus.answers import blueprint

__all__ = ["blueprint", "indicators", "levels", "named", "wordings"]
