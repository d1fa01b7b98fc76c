"""Known faults in what is shipped: our code by bandit, the packages we need by pip-audit, the scripts
that pages load by npm audit.

    python tests/audit.py FOLDER    the folder of the environment with bandit and pip-audit

Where an index of faults cannot be reached, a line says so, and nothing fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def report(command: list[str | Path], folder: Path = ROOT) -> Any:
    """What a command prints as JSON; None where it prints none."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return None


def packages(tools: Path) -> list[str]:
    """Faults known in the packages of the environment that this runs in."""
    installed = next(path for path in sys.path if path.endswith("site-packages"))
    found = report([tools / "pip-audit", "--path", installed, "--format", "json"])
    known = [p for p in found["dependencies"] if "vulns" in p] if found else []
    if not known:
        print("audit of packages: skipped, the index knows none of them or was not reached")
    return [f"{p['name']} {p['version']}: {v['id']}" for p in known for v in p["vulns"]]


def scripts() -> list[str]:
    """Faults known in the packages of package-lock.json."""
    command: list[str | Path] = ["npm", "audit", "--omit=dev", "--package-lock-only", "--json"]
    found = report(command, ROOT / "kg" / "web" / "frontend")
    if not found or "vulnerabilities" not in found:
        print("audit of scripts: skipped, the registry was not reached or gives no audit")
        return []
    return [f"{name}: {fault['severity']}" for name, fault in found["vulnerabilities"].items()]


def code(tools: Path) -> list[str]:
    """What bandit finds in kg/ beside what pyproject.toml accepts."""
    command = [tools / "bandit", "-c", "pyproject.toml", "-r", "kg", "-q", "-ll", "-f", "json"]
    found = report(command)
    if found is None:
        return ["bandit gave no report"]
    return [f"{r['filename']}:{r['line_number']}: {r['issue_text']}" for r in found["results"]]


if __name__ == "__main__":
    faults = [*code(Path(sys.argv[1])), *packages(Path(sys.argv[1])), *scripts()]
    print("\n".join(faults) or "audit: nothing found")
    sys.exit(bool(faults))
