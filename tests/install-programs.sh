#!/bin/sh
# What tests drive: Debian's chromium, a Chinese font for it, Virtuoso as another engine, nginx as
# the proxy in front of a server, jemalloc, and Apache Jena for its SHACL. Installs what is missing where root, else says how.
set -eu
PATH="$PATH:/usr/sbin"

if command -v chromium >/dev/null 2>&1 && command -v virtuoso-t >/dev/null 2>&1 &&
  command -v nginx >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q . &&
  ldconfig -p | grep -q jemalloc && command -v java >/dev/null 2>&1 &&
  [ -e /usr/share/java/jena-shacl.jar ]; then
  exit 0
fi
packages="chromium fonts-noto-cjk fontconfig virtuoso-opensource-7-bin nginx-light libjemalloc2
libapache-jena-java"
command -v java >/dev/null 2>&1 || packages="$packages default-jre-headless"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
else
  echo "the tests need, as root: apt-get install $packages" >&2
  exit 1
fi
