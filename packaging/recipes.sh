# shellcheck shell=bash
# shellcheck disable=SC2154  # script/package sets the variables of all of these
# The folder that packaging/oci/Containerfile is built in, and what the recipes of other package
# managers become for this version.

# Needs the tarball.
build_oci() {
  local name=rellama-$version-linux-x86_64 context=$work/oci
  fetch_all
  [ -e "$dist/$name.tar.gz" ] || build_tarball x86_64
  rm -rf "$context"
  mkdir -p "$context/home" "$context/unpacked"
  tar -x -C "$context/unpacked" -f "$dist/$name.tar.gz"
  dpkg-deb --extract "$work/sources/$(locked_files ca-certificates | sed 's/.*  //')" "$context/unpacked"
  mv "$context/unpacked/$name/bin/rellama" "$context/unpacked/$name/licenses" "$context/"
  cp "$context/unpacked/usr/share/doc/ca-certificates/copyright" "$context/licenses/ca-certificates"
  find "$context/unpacked/usr/share/ca-certificates/mozilla" -name '*.crt' | sort | xargs cat \
    >"$context/ca-certificates.crt"
  echo "rellama:x:65532:65532::/home/rellama:/nonexistent" >"$context/passwd"
  cp packaging/oci/Containerfile "$context/"
  touch "$context/home/.keep"
  rm -r "$context/unpacked"
  echo "rellama: $context"
}

# Needs the source archive, whose hash the recipes have.
build_recipes() {
  local source=$dist/rellama-$version.src.tar.gz name=rellama-$version-recipes
  local stage=$work/recipes recipe
  rm -rf "$stage"
  for recipe in homebrew/rellama.rb arch/PKGBUILD vcpkg/portfile.cmake; do
    mkdir -p "$stage/$name/$(dirname "$recipe")"
    sed "s,@HOMEPAGE@,$homepage,; s,@VERSION@,$version,g
      s,@SOURCE_SHA256@,$(sha256sum "$source" | cut -d ' ' -f 1),
      s,@SOURCE_SHA512@,$(sha512sum "$source" | cut -d ' ' -f 1)," "packaging/$recipe.in" \
      >"$stage/$name/$recipe"
  done
  cp vcpkg.json "$stage/$name/vcpkg/"
  tar_of "$stage" "$name" >"$dist/$name.tar.gz"
}
