#!/bin/sh
# What the test suite needs beside Python: FriBiDi for right-to-left text, Chromium for the console.
# Installed by apt where this user may; otherwise named, with the command that brings it.
set -u
missing=""
ldconfig -p 2>/dev/null | grep -q libfribidi.so.0 || missing="libfribidi0"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$(printf ' %s' $missing) by apt"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null && exit 0
fi
echo "The tests need$(printf ' %s' $missing): sudo apt-get install$(printf ' %s' $missing)" >&2
exit 1
