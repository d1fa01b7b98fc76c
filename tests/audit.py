"""Known faults in what is shipped: the packages we need by pip-audit, the scripts that pages load
by npm audit, risky calls in our code by bandit.

    python tests/audit.py [packages] [scripts] [code]

Without an argument all three. Where an index of faults cannot be reached, a line says so, and
nothing fails.
"""

import json
import re
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TOOLS = Path(sys.executable).parent


def report(command: list[str | Path], folder: Path = ROOT) -> Any:
    """What a command prints as JSON; None where it prints none."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return None


def shipped() -> dict[str, str]:
    """What `pip install planlink[serve]` has brought here: versions by normalized names (PEP
    503).
    """
    found: dict[str, str] = {}
    left, seen = [("planlink", "serve")], {"planlink"}
    while left:
        name, extra = left.pop()
        try:
            needed, found[name] = metadata.requires(name) or [], metadata.version(name)
        except metadata.PackageNotFoundError:  # for another system
            continue
        for line in needed:
            asked = re.search(r"extra == ['\"]([\w-]+)", line)
            own = re.match(r"[\w.-]+", line)
            if own is None or (asked and asked[1] != extra):
                continue
            normal = re.sub(r"[-_.]+", "-", own[0]).lower()
            if normal not in seen:
                seen.add(normal)
                left.append((normal, ""))
    del found["planlink"]
    return found


def packages() -> list[str]:
    """Faults known in the packages that planlink needs, at the versions installed here."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.writelines(f"{name}=={version}\n" for name, version in shipped().items())
        listed.flush()
        command = [TOOLS / "pip-audit", "--no-deps", "--disable-pip", "--format", "json"]
        found = report([*command, "--requirement", listed.name])
    known = [p for p in found["dependencies"] if "vulns" in p] if found else []
    if not known:
        print("audit of packages: skipped, the index knows none of them or was not reached")
    return [f"{p['name']} {p['version']}: {v['id']}" for p in known for v in p["vulns"]]


def scripts() -> list[str]:
    """Faults known in the packages of package-lock.json."""
    command: list[str | Path] = ["npm", "audit", "--omit=dev", "--package-lock-only", "--json"]
    try:
        found = report(command, ROOT / "kg" / "web" / "frontend")
    except FileNotFoundError:
        found = None
    if not found or "vulnerabilities" not in found:
        print("audit of scripts: skipped, the registry was not reached or gives no audit")
        return []
    return [f"{name}: {fault['severity']}" for name, fault in found["vulnerabilities"].items()]


def code() -> list[str]:
    """What bandit takes for more than a low risk; pyproject.toml says which kinds are none here."""
    options = ["--configfile", "pyproject.toml", "--ignore-nosec", "--format", "json", "-ll", "-qr"]
    found = report([TOOLS / "bandit", *options, "kg", "server.py"])
    assert found and not found["errors"], "bandit could not read the code"
    return [
        f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}"
        for one in found["results"]
    ]


PARTS = {"packages": packages, "scripts": scripts, "code": code}

if __name__ == "__main__":
    faults = [fault for part in sys.argv[1:] or PARTS for fault in PARTS[part]()]
    print("\n".join(faults) or "audit: nothing found")
    sys.exit(bool(faults))
