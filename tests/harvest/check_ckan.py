"""What a CKAN portal makes of the catalogue: python check_ckan.py CATALOGUE.ttl, in an environment
with ckanext-dcat.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from ckan.common import config
from ckanext.dcat.processors import RDFParser

FORMATS = {
    "CSV",
    "JSON",
    "XLSX",
    "XML",
    "TTL",
    "Turtle",
    "N-Quads",
    "N-Triples",
    "TriG",
    "RDF",
    "JSON-LD",
    "RDF/XML",
}


# As in the Open Definition's list of licences for CKAN (licenses_group_url). CKAN's own list has
# no version of the licence, and no IRI that anybody else uses.
LICENCE = {
    "id": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
    "status": "active",
}


def main() -> None:
    with NamedTemporaryFile("w", suffix=".json") as licences:
        json.dump([LICENCE], licences)
        licences.flush()
        config.update(
            {
                "ckan.locale_default": "zh_Hans_CN",
                "ckan.site_url": "http://ckan.example",
                "licenses_group_url": f"file://{licences.name}",
            }
        )
        check()


def check() -> None:
    """Hold what CKAN reads of each dataset against what a portal needs."""
    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(Path(sys.argv[1]).read_bytes(), _format="turtle")
    datasets = list(parser.datasets())
    assert len(datasets) >= 9, len(datasets)
    for dataset in datasets:
        name = dataset["title"]
        assert any("\u4e00" <= c <= "\u9fff" for c in name), f"no Chinese title: {name}"
        assert any("\u4e00" <= c <= "\u9fff" for c in dataset["notes"]), (
            f"no Chinese description: {name}"
        )
        assert any("\u4e00" <= t["name"][0] <= "\u9fff" for t in dataset["tags"]), (
            f"no Chinese tags: {name}"
        )
        if "历次发布" in name:
            continue  # a series has no files of its own
        assert dataset["license_id"] == LICENCE["id"], (
            f"licence {dataset.get('license_id')!r}: {name}"
        )
        assert dataset["resources"], f"no files: {name}"
        for resource in dataset["resources"]:
            assert resource["format"] in FORMATS, (
                f"format {resource['format']!r}: {resource['url']}"
            )
            assert resource["url"].startswith("http://localhost:8000/"), resource["url"]
            assert resource.get("mimetype") and "://" not in resource["mimetype"], (
                f"mimetype {resource.get('mimetype')!r}: {resource['url']}"
            )
    print(
        f"CKAN reads {len(datasets)} datasets with {sum(len(d['resources']) for d in datasets)} "
        f"files"
    )


if __name__ == "__main__":
    main()
