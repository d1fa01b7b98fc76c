"""Scripts of others that pages load: listed with version, licence and digest, and of the versions
that are named.
"""

import json

from support import ROOT
from vendored import LIST, VENDOR, listing

FRONTEND = ROOT / "kg" / "web" / "frontend"
COPYLEFT = ("GPL", "AGPL", "SSPL", "CC-BY-NC")


def test_the_list_of_scripts_is_of_those_that_are_there() -> None:
    assert LIST.read_text(encoding="utf-8") == listing(), "run make vendor"
    assert not any(word in listing() for word in COPYLEFT)


def test_each_script_has_the_version_that_is_asked_for_and_its_licence_beside_it() -> None:
    asked = json.loads((FRONTEND / "package.json").read_text("utf-8"))["dependencies"]
    said = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for name, version in asked.items():
        word = name.rpartition("/")[2].removesuffix(".js")
        (script,) = VENDOR.glob(f"{word}*.js")
        head = script.read_bytes()[:400].decode()
        assert version in head or "version" not in head.lower(), script.name
        assert list(VENDOR.glob(f"{word}.*LICENSE")), name
        assert any(version in line for line in said.splitlines() if word in line.lower()), name
