#!/usr/bin/env bash
# Runs every test: gets by name what the tests use, then `dotnet test`. Extra arguments go to `dotnet test`:
#   ./test.sh --filter FullyQualifiedName~Tidy
# What cannot be had here is named and its tests say so; with CI=true it fails the run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# program:package, installed where the program is not on PATH. A package without a program is written :package.
debian_packages="node:nodejs npm:npm prometheus:prometheus promtool:prometheus :python3-grpcio chromium:chromium redis-server:redis-server"

missing=0
lacking() {
  echo "test.sh: $1" >&2
  missing=1
}

install_debian_packages() {
  local pair program package wanted=() sudo=()
  for pair in $debian_packages; do
    program=${pair%%:*} package=${pair#*:}
    if [[ -n $program ]]; then
      command -v "$program" >/dev/null || wanted+=("$package")
    else
      dpkg -s "$package" >/dev/null 2>&1 || wanted+=("$package")
    fi
  done
  [[ ${#wanted[@]} -gt 0 ]] || return 0
  if [[ $EUID -ne 0 ]]; then
    sudo=(sudo -n)
    sudo -n true 2>/dev/null || { lacking "not installed, and no right to install: ${wanted[*]}"; return 0; }
  fi
  command -v apt-get >/dev/null || { lacking "not installed, and no apt-get here: ${wanted[*]}"; return 0; }
  echo "test.sh: installing ${wanted[*]}"
  { "${sudo[@]}" apt-get update -qq \
    && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } >/dev/null </dev/null \
    || lacking "apt-get could not install: ${wanted[*]}"
}

# The copy of package.json beside the modules says what was installed last.
install_clients() {
  local stamp=tests/clients/node_modules/.installed.json
  cmp -s tests/clients/package.json "$stamp" && return 0
  command -v npm >/dev/null || { lacking "npm is not on PATH: the tests of the official clients cannot run"; return 0; }
  if npm install --no-audit --no-fund --no-package-lock --fetch-retries=1 --loglevel=error --prefix tests/clients </dev/null; then
    cp tests/clients/package.json "$stamp"
  else
    lacking "npm could not install tests/clients/package.json: the tests of the official clients cannot run"
  fi
}

rm -rf TestResults
install_debian_packages
install_clients

status=0
dotnet test RelayAspire.sln --nologo --verbosity minimal \
  --logger "console;verbosity=minimal" --logger "trx;LogFilePrefix=relay" --results-directory TestResults "$@" || status=$?
if [[ $missing -ne 0 && ${CI:-} == true ]]; then
  echo "test.sh: CI=true and something the tests use is missing (named above)" >&2
  [[ $status -ne 0 ]] || status=1
fi
exit "$status"
