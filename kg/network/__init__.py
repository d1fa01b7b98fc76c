"""The relation graph: networkx view, paths, groups and centrality, layout, drawing."""
