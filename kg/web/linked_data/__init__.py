"""What an IRI leads to: documents of entities, the vocabulary, the catalogue, dumps and exports."""
