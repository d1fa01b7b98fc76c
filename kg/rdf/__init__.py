"""RDF: namespaces, IRIs, quads and their serialisations, JSON-LD, the ontology, SHACL
validation."""
