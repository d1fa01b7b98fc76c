"""The samples of docs/deploy are taken by the programs that they are for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support import ROOT

DEPLOY = ROOT / "docs" / "deploy"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
NGINX, SYSTEMD = shutil.which("nginx", path=PATH), shutil.which("systemd-analyze", path=PATH)
CADDY = shutil.which("caddy", path=PATH)


@pytest.mark.skipif(SYSTEMD is None, reason="there is no systemd-analyze")
def test_the_unit_is_exposed_no_more_than_it_must() -> None:
    command = [
        SYSTEMD or "",
        "security",
        "--offline=true",
        "--no-pager",
        DEPLOY / "planlink.service",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Overall exposure" not in done.stdout:
        pytest.skip("this systemd-analyze reads no files")
    found = re.search(r"exposure level for planlink\.service: ([\d.]+)", done.stdout)
    assert found is not None and float(found[1]) <= 2.0


@pytest.mark.skipif(NGINX is None, reason="there is no nginx: sh tests/install-programs.sh")
def test_nginx_takes_its_sample(tmp_path: Path) -> None:
    subject = ["-subj", "/CN=data.example.org", "-days", "1", "-nodes", "-newkey", "rsa:2048"]
    made = ["openssl", "req", "-x509", *subject, "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    sample = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    sample = sample.replace("/etc/ssl/planlink", str(tmp_path)).replace(
        "/var/cache/nginx/planlink", str(tmp_path / "cache")
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid;\nevents {{ }}\nhttp {{\n{sample}\n}}\n", encoding="utf-8"
    )
    command = [NGINX or "", "-t", "-c", whole, "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(CADDY is None, reason="there is no caddy: as root, apt-get install caddy")
def test_caddy_takes_its_sample(tmp_path: Path) -> None:
    command = [CADDY or "", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    own = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=own)
    assert done.returncode == 0 and "Valid configuration" in done.stdout + done.stderr, done.stderr
