"""Compiled plans -> one atomic release: store, dumps, search index, catalogue, VoID, history,
manifest."""
