"""What programs ask: SPARQL, Graph Store, the workspace, completion, OpenAPI."""
