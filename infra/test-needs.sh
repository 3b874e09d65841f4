#!/bin/sh
# What the test suite needs beside Python: FriBiDi for right-to-left text, Chromium for the console,
# Tesseract to read prices off photographed tiles, PostgreSQL, of which tests start their own servers.
# Installed by apt where this user may; otherwise named, with the command that brings it.
set -u
missing=""
ldconfig -p 2>/dev/null | grep -q libfribidi.so.0 || missing="libfribidi0"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v tesseract >/dev/null 2>&1 || missing="$missing tesseract-ocr"
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$(printf ' %s' $missing) by apt"
    case "$missing" in
    *postgresql*)
        # Debian would make and start one for the whole machine; the tests want its programs alone.
        mkdir -p /etc/postgresql-common/createcluster.d
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/edge-shelf.conf
        ;;
    esac
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null && exit 0
fi
echo "The tests need$(printf ' %s' $missing): sudo apt-get install$(printf ' %s' $missing)" >&2
exit 1
