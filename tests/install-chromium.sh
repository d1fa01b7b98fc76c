#!/bin/sh
# Browser tests drive Debian's chromium; Chinese text needs a font. Installs both where missing and root, else says how.
set -eu
if command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q .; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
else
  echo "browser tests need chromium and a Chinese font: as root, apt-get install chromium fonts-noto-cjk fontconfig" >&2
  exit 1
fi
