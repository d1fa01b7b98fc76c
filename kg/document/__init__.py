"""Text -> parts, chapters, sections, glossary, sentences, and tables of indicators."""
