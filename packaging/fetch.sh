# shellcheck shell=bash
# shellcheck disable=SC2154  # script/package sets the variables of all of these
# Reads packaging/sources.lock and fetches what it names, through apt but without changing the system:
# apt gets sources, lists and a cache of its own below build/package/apt.

lock=packaging/sources.lock

# Rows of the lock of the given kinds: KIND PACKAGE VERSION LICENSE-FILE LICENSE
locked() {
  local kinds=" $* " kind rest
  while read -r kind rest; do
    if [[ $kinds == *" $kind "* ]]; then echo "$kind $rest"; fi
  done <"$lock"
}

# Field NUMBER (2 is the package, 3 the version, ...) of a package's row.
locked_field() {
  awk -v package="$1" -v field="$2" '/^[a-z]/ && $2 == package { print $field }' "$lock"
}

# The files of a package, as `sha256sum --check` reads them.
locked_files() {
  awk -v package="$1" '/^[a-z]/ { inside = $2 == package } /^  [0-9a-f]/ && inside { print $1 "  " $2 }' \
    "$lock"
}

die() {
  printf 'rellama: %s\n' "$@" >&2
  exit 1
}

fail_with() {
  tail -n 40 "$1" >&2
  die "that failed: $1"
}

private_apt() {
  local tool=$1
  shift
  "$tool" -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" \
    -o APT::Architectures=amd64,arm64 -o APT::Sandbox::User=root "$@"
}

# The same places that apt has on this machine, with sources and both architectures.
read_package_lists() {
  if [ -e "$work/apt/ready" ]; then return; fi
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
  # shellcheck disable=SC2016  # apt-get is to expand it
  apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
    'Created-By: Packages' 'Origin: Debian' | sort -u |
    while read -r place; do
      echo "deb [arch=amd64,arm64 signed-by=$keyring] $place"
      echo "deb-src [signed-by=$keyring] $place"
    done >"$work/apt/sources.list"
  [ -s "$work/apt/sources.list" ] || die "apt knows no mirror of Debian here"
  private_apt apt-get -q update >"$work/apt/update.log" 2>&1 || {
    cat "$work/apt/update.log" >&2
    die "apt cannot read the lists of packages"
  }
  touch "$work/apt/ready"
}

# Lines 'URI' FILE SIZE SHA256:HASH for the files of a package. An empty version is the newest.
find_files() {
  local kind=$1 package=$2 version=${3:+=$3}
  case $kind in
    headers | image) private_apt apt-get -q download --print-uris "$package$version" ;;
    libc)
      private_apt apt-get -q download --print-uris \
        "$package:amd64$version" "$package:arm64$version"
      ;;
    *) (cd "$work/apt" && private_apt apt-get -q source --only-source --print-uris "$package$version") ;;
  esac 2>/dev/null | grep "^'" || true
}

# Where a file may be, given the lines of find_files. apt names one place of several: a source may
# have left the security archive since it is in a point release.
places_of() {
  local file=$1 package=$2 version=$3 found=$4 archive directory
  awk -v file="$file" '$2 == file { gsub("\x27", "", $1); print $1 }' <<<"$found"
  if [ -z "$found" ] || [[ $file == *.deb ]]; then return; fi
  sed -n 's/^deb-src \[[^]]*\] \([^ ]*\) .*/\1/p' "$work/apt/sources.list" | sort -u |
    while read -r archive; do
      private_apt apt-cache showsrc --only-source "$package" |
        awk -v version="$version" '/^Version:/ { wanted = $2 == version } /^Directory:/ && wanted { print $2 }' |
        while read -r directory; do echo "${archive%/}/$directory/$file"; done
    done
}

# Makes sure that $work/sources has the files of a package, with the hashes of the lock.
fetch() {
  local kind=$1 package=$2 version=$3 found='' hash file places place
  while read -r hash file; do
    if is_file_of "$hash" "$file"; then continue; fi
    read_package_lists
    [ -n "$found" ] || found=$(find_files "$kind" "$package" "$version")
    places=$(places_of "$file" "$package" "$version" "$found")
    [ -n "$places" ] || die "$file is gone: Debian has no $package $version any more" \
      "to move to what it has now: script/package --update-lock"
    : >"$work/apt/fetch.log"
    for place in $places; do
      if is_file_of "$hash" "$file"; then break; fi
      private_apt /usr/lib/apt/apt-helper -q download-file "$place" "$work/sources/$file" \
        "SHA256:$hash" >>"$work/apt/fetch.log" 2>&1 || true
    done
    is_file_of "$hash" "$file" || {
      grep '^E:' "$work/apt/fetch.log" >&2 || true
      die "$file of $package $version cannot be fetched, or is not the file that $lock names"
    }
  done < <(locked_files "$package")
}

is_file_of() {
  echo "$1  $work/sources/$2" | sha256sum --check --status 2>/dev/null
}

fetch_all() {
  local kind package version
  mkdir -p "$work/sources"
  while read -r kind package version _; do
    fetch "$kind" "$package" "$version"
  done < <(locked plain patched headers libc published image)
}

# Whether a file of a source package is needed.
is_needed() {
  case $1:$2 in
    *.dsc | *.asc | *.orig-www.tar.*) return 1 ;;
    plain:*.debian.tar.* | plain:*.diff.gz) return 1 ;;
  esac
}

# Writes the lock again with the versions that Debian has now.
update_lock() {
  local line kind package license license_file version file hash
  rm -f "$work/apt/ready"
  read_package_lists
  while IFS= read -r line; do
    case $line in
      '#'*) echo "$line" ;;
      [a-z]*)
        read -r kind package version license_file license <<<"$line"
        version=$(newest "$kind" "$package")
        [ -n "$version" ] || die "Debian has no $package any more"
        echo "$kind $package $version $license_file $license"
        if [[ $kind == compiler-* ]]; then continue; fi
        while read -r _ file _ hash; do
          if is_needed "$kind" "$file"; then echo "  ${hash#SHA256:}  $file"; fi
        done < <(find_files "$kind" "$package" "$version")
        ;;
    esac
  done <"$lock" >"$work/sources.lock"
  mv "$work/sources.lock" "$lock"
}

newest() {
  case $1 in
    plain | patched | published)
      private_apt apt-cache showsrc --only-source "$2" 2>/dev/null | sed -n 's/^Version: //p' |
        sort -V | tail -n 1
      ;;
    *) private_apt apt-cache policy "$2" | sed -n 's/^  Candidate: //p' ;;
  esac
}

# The compiler's libraries are part of the program, so another version makes other bytes.
check_compiler() {
  local package version installed
  while read -r _ package version _; do
    installed=$(dpkg-query --show --showformat='${Version}' "$package" 2>/dev/null || true)
    [ "$installed" = "$version" ] ||
      die "$package is ${installed:-not installed}; $lock says $version"
  done < <(locked "$@")
}

# Unpacks a source package into a directory, with Debian's patches if the lock says so.
unpack() {
  local package=$1 directory=$2 kind file patch
  kind=$(locked_field "$package" 1)
  rm -rf "$directory" "$directory.debian"
  mkdir -p "$directory" "$directory.debian"
  while read -r _ file; do
    case $file in
      *.orig.tar.*) tar -x --strip-components=1 -C "$directory" -f "$work/sources/$file" ;;
      *.debian.tar.*) tar -x -C "$directory.debian" -f "$work/sources/$file" ;;
    esac
  done < <(locked_files "$package")
  if [ "$kind" = patched ]; then
    while read -r patch _; do
      case $patch in '' | '#'*) continue ;; esac
      patch -s -p1 -d "$directory" <"$directory.debian/debian/patches/$patch" ||
        die "$package: Debian's $patch does not apply"
    done <"$directory.debian/debian/patches/series"
  fi
  # Patched files are newer than what was made of them, which would make autoconf start over.
  find "$directory" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  rm -rf "$directory.debian"
}
