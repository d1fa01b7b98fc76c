"""A plan's linked values -> RDF named graphs, and the vocabulary that they use."""
