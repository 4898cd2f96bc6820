#!/usr/bin/env bash
# Brings the kernel that `plugin_tests::guest` boots, Debian's for clouds: bash tests/guest/kernel.sh
# It is taken out of its package and not installed; once it is there nothing is done.
set -euo pipefail
cd "$(dirname "$0")/../.."

into=${CARGO_TARGET_DIR:-target}/guest
if compgen -G "$into/vmlinuz-*" >/dev/null; then
    exit 0
fi
for tool in apt-cache apt-get dpkg-deb; do
    command -v "$tool" >/dev/null || { echo "tests/guest/kernel.sh: $tool not found: the kernel comes from Debian" >&2; exit 1; }
done
package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image-/ { print $2; exit }')
[ -n "$package" ] || { echo "tests/guest/kernel.sh: no package linux-image-cloud-amd64: apt-get update?" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && apt-get download -qq -o APT::Sandbox::User=root "$package" && dpkg-deb -x "$package"_*.deb .)
mkdir -p "$into"
# What tests ask of it that is not built in.
for module in veth sch_ingress cls_bpf act_bpf dummy; do
    found=$(find "$work/lib/modules" "$work/usr/lib/modules" -name "$module.ko*" 2>/dev/null | head -1 || true)
    [ -z "$found" ] || cp "$found" "$into/"
done
# Last: it says that all is there.
cp "$work"/boot/vmlinuz-* "$into/"
echo "$into: $package"
