# shellcheck shell=bash
# shellcheck disable=SC2154  # script/package sets the variables of all of these
# rellama-VERSION-linux-ARCHITECTURE.tar.gz: the static program, its documentation, the licenses of
# what is in it, and a list of that (SPDX).

# The packages of the lock that are part of the program for this architecture: KIND PACKAGE VERSION
# LICENSE-FILE LICENSE.
parts() {
  locked plain patched headers libc "compiler-$architecture"
}

# Whether the linker took exactly the packages of the lock. Those of which only headers are used are
# not in its list.
check_parts() {
  local expected linked
  expected=$(parts | awk '$1 != "headers" && $2 != "spdlog" && $2 != "fmtlib" { print $2 }' | sort)
  linked=$(awk '/^Archive member included/ { on = 1 } /^(Discarded|Memory|Merging)/ { on = 0 }
      on && /^[^ ].*\.a\(/ { sub(/\.a\(.*/, ""); sub(/.*\//, ""); print }' "$root/program/rellama.map" |
    sort -u | while read -r archive; do package_of_archive "$archive"; done | sort -u)
  [ "$expected" = "$linked" ] || {
    diff <(echo "$expected") <(echo "$linked") >&2 || true
    die "the program is not made of what $lock says (< in the lock, > linked)"
  }
}

package_of_archive() {
  case $1 in
    librellama*) ;;
    libcrypto | libssl) echo openssl ;;
    libcares) echo c-ares ;;
    libtinfo) echo ncurses ;;
    libz) echo zlib ;;
    libc | libm | libm-* | libmvec) echo libc6-dev ;;
    libstdc++ | libgcc | libgcc_eh) parts | awk '/^compiler/ { print $2 }' ;;
    libcurl | libnghttp2 | libmd4c | libutf8proc | libsqlite3) echo "${1#lib}" ;;
    *) echo "$1" ;;
  esac
}

# Nothing may be left that would load a library, or a module for names and users. The linker warns
# of the functions that do (and its warnings are errors); this looks for what they are made of.
check_program() {
  if readelf --program-headers "$1" | grep -qE 'INTERP|DYNAMIC'; then die "$1 is not static"; fi
  if grep -F 'libc.a(nss_module.o)' "$root/program/rellama.map"; then
    die "the program would load modules of the system"
  fi
}

write_licenses() {
  local to=$1 package license_file
  mkdir -p "$to"
  while read -r _ package _ license_file _; do
    case $license_file in
      /*) cp -L "$license_file" "$to/$package" ;;
      usr/*/libc6-dev/*) cp "$libc/$license_file" "$to/$package" ;;
      usr/*) cp "$sysroot/$license_file" "$to/$package" ;;
      *) cp "$root/libraries/$package/$license_file" "$to/$package" ;;
    esac
  done < <(parts)
  sed "s/@VERSION@/$version/g; s/@ARCHITECTURE@/$architecture/g" packaging/licenses.md >"$to/README.md"
}

# SPDX 2.3 in JSON.
write_bill() {
  local package package_version license hash
  {
    echo "rellama $version - Apache-2.0"
    parts | while read -r _ package package_version _ license; do
      hash=$(locked_files "$package" | sed -n '1s/ .*//p')
      echo "$package $package_version ${hash:--} $license"
    done
  } | jq --raw-input --null-input --sort-keys \
    --arg name "rellama-$version-linux-$architecture" --arg commit "$commit_id" \
    --arg created "$(date --utc --date="@$SOURCE_DATE_EPOCH" +%FT%TZ)" -f packaging/bill.jq
}

# tar_of DIRECTORY-ABOVE NAME: the same bytes for the same files.
tar_of() {
  tar --create --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mode=go-w \
    --mtime="@$SOURCE_DATE_EPOCH" -C "$1" "$2" | gzip -9n
}

build_tarball() {
  use_architecture "$1"
  check_compiler "compiler-$architecture"
  fetch_all
  build_libraries
  unpack_program
  build_program
  check_parts
  pack
}

pack() {
  local name stage
  name=rellama-$version-linux-$architecture
  stage=$root/stage/$name
  rm -rf "$root/stage"
  install -D --strip --strip-program="$triplet-strip" "$root/program/src/rellama" "$stage/bin/rellama"
  check_program "$stage/bin/rellama"
  install -D -m 644 -t "$stage/share/man/man1" "$root"/program/man/*.1
  install -D -m 644 "$root/program/completion/rellama.bash" \
    "$stage/share/bash-completion/completions/rellama"
  install -D -m 644 "$root/program/completion/rellama.zsh" "$stage/share/zsh/site-functions/_rellama"
  install -D -m 644 -t "$stage/share/fish/vendor_completions.d" "$root/program/completion/rellama.fish"
  install -m 644 -t "$stage" "$root"/source/{LICENSE,README.md,CHANGELOG.md}
  write_licenses "$stage/licenses"
  write_bill >"$stage/sbom.spdx.json"
  tar_of "$root/stage" "$name" >"$dist/$name.tar.gz"
  echo "rellama: $dist/$name.tar.gz"
}

# What the licenses of the C library and of libmicrohttpd ask for.
build_lgpl_sources() {
  local name=rellama-$version-lgpl-sources stage=$work/lgpl package
  fetch_all
  rm -rf "$stage"
  mkdir -p "$stage/$name"
  for package in libmicrohttpd glibc; do
    locked_files "$package" | while read -r _ file; do cp "$work/sources/$file" "$stage/$name/"; done
  done
  cp packaging/licenses.md "$stage/$name/README.md"
  tar_of "$stage" "$name" >"$dist/$name.tar.gz"
}

build_source() {
  write_sources | gzip -9n >"$dist/rellama-$version.src.tar.gz"
}
