#!/bin/sh
# What tests drive: Debian's chromium, a Chinese font for it, Virtuoso as another engine, nginx as
# the proxy in front of a server, jemalloc, and Apache Jena as a client. Installs what is missing
# where root, else says how.
set -eu
PATH="$PATH:/usr/sbin"

may_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get
}

# Without its windows chromium takes half the processor's time; the other serves as well.
has_browser() {
  command -v chromium-headless-shell || { ! may_install && command -v chromium; }
}

if has_browser >/dev/null 2>&1 && command -v virtuoso-t >/dev/null 2>&1 &&
  command -v nginx >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q . &&
  ldconfig -p | grep -q jemalloc && command -v java >/dev/null 2>&1 &&
  [ -e /usr/share/java/jena-shacl.jar ]; then
  exit 0
fi
packages="fonts-noto-cjk fontconfig virtuoso-opensource-7-bin nginx-light libjemalloc2
libapache-jena-java"
command -v java >/dev/null 2>&1 || packages="$packages default-jre-headless"
if ! may_install >/dev/null 2>&1; then
  echo "the tests need, as root: apt-get install chromium $packages" >&2
  exit 1
fi
apt-get update -qq
if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
  packages="$packages chromium-headless-shell"
else
  packages="$packages chromium"
fi
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
