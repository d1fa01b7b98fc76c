"""What pages load that is not ours: each file with its SHA-256, each package in it with version and
licence.

python tests/vendored.py    writes the list (make vendor)
"""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "kg" / "web" / "static" / "vendor"
LIST = VENDOR / "LICENSES.txt"


def listing() -> str:
    """The list, of the files that are there and the packages of package-lock.json."""
    lock = (ROOT / "kg" / "web" / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    packages = {
        name.removeprefix("node_modules/"): package
        for name, package in json.loads(lock)["packages"].items()
        if name and not name.startswith("node_modules/@types/")
    }
    files = sorted(path for path in VENDOR.iterdir() if path != LIST)
    digests = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files]
    named = [f"{name} {one['version']}: {one['license']}" for name, one in packages.items()]
    return "\n".join(["Files, by SHA-256:", *digests, "", "Packages in them:", *named]) + "\n"


if __name__ == "__main__":
    LIST.write_text(listing(), encoding="utf-8")
