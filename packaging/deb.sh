# shellcheck shell=bash
# shellcheck disable=SC2154  # script/package sets the variables of all of these
# rellama_VERSION_amd64.deb and librellama-dev_VERSION_amd64.deb, linked with Debian's libraries.

# build_deb NAME: a package of what is in $debs/NAME, with the control file of packaging/debian.
build_deb() {
  local name=$1 depends=$2 root=$debs/$1 doc=$debs/$1/usr/share/doc/$1
  install -D -m 644 packaging/debian/copyright "$doc/copyright"
  printf 'rellama (%s) unstable; urgency=medium\n\n  * Release %s: see CHANGELOG.md.\n\n -- %s  %s\n' \
    "$version" "$version" "$maintainer" "$(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")" |
    gzip -9n >"$doc/changelog.gz"
  chmod 644 "$doc/changelog.gz"
  mkdir -p "$root/DEBIAN"
  sed "s/@VERSION@/$version/; s/@MAINTAINER@/$maintainer/; s/@DEPENDS@/$depends/;
    s/@SIZE@/$(du --apparent-size -sk --exclude=DEBIAN "$root" | cut -f 1)/" \
    "packaging/debian/$name.control" >"$root/DEBIAN/control"
  (cd "$root" && find usr -type f | sort | xargs md5sum) >"$root/DEBIAN/md5sums"
  chmod -R u=rwX,go=rX "$root"
  dpkg-deb --root-owner-group -Zxz --build "$root" "$dist/${name}_${version}_amd64.deb" >/dev/null
  echo "rellama: $dist/${name}_${version}_amd64.deb"
}

# What the program needs: the libraries it is linked with, and those it loads later. For the latter, a
# program that calls the same functions is asked. The versions are those of cmake/dependencies.cmake:
# newer ones than the functions alone would need.
find_dependencies() {
  local functions
  mapfile -t functions < <(sed -n 's/^lazy_function //p' src/lazy/*.S)
  {
    printf 'void %s(void);\n' "${functions[@]}"
    echo "void* called[] = {"
    printf '  (void*)%s,\n' "${functions[@]}"
    echo "};"
    echo "int main(void) { return called[0] == 0; }"
  } >"$debs/loaded.c"
  gcc-12 -o "$debs/loaded" "$debs/loaded.c" -lcurl -lmicrohttpd
  mkdir -p "$debs/shlibdeps/debian"
  touch "$debs/shlibdeps/debian/control"
  (cd "$debs/shlibdeps" && dpkg-shlibdeps --warnings=0 -O -e"$debs/rellama/usr/bin/rellama" -e"$debs/loaded") |
    sed -n 's/^shlibs:Depends=//p' | sed -E 's/(libcurl4) \(>= [^)]*\)/\1 (>= 7.85)/
      s/(libmicrohttpd12) \(>= [^)]*\)/\1 (>= 0.9.75)/; s/(libsqlite3-0) \(>= [^)]*\)/\1 (>= 3.40)/'
}

build_debs() {
  local maintainer log=$work/deb.log
  debs=$work/deb
  root=$work/deb-build
  maintainer=$(sed -n 's/^Upstream-Contact: //p' packaging/debian/copyright)
  check_compiler compiler-x86_64
  mkdir -p "$root"
  unpack_program
  echo "rellama: building the Debian packages"
  {
    env -u CFLAGS -u CPPFLAGS cmake -S "$root/source" -B "$root/program" -G Ninja -DCMAKE_BUILD_TYPE=Release \
      -DCMAKE_CXX_COMPILER=g++-12 -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON -DCMAKE_UNITY_BUILD=ON \
      -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DBUILD_TESTING=OFF -DRELLAMA_STATIC_LIBSTDCXX=ON \
      -DRELLAMA_LIBTINFO="/usr/lib/$triplet_of_this_machine/libtinfo.so" -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR="lib/$triplet_of_this_machine" \
      -DCMAKE_CXX_FLAGS="-g0 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$root/source=. -ffile-prefix-map=$root=" \
      -DCMAKE_EXE_LINKER_FLAGS="-Wl,-z,relro -Wl,-z,now -pie" &&
      cmake --build "$root/program" --parallel "$jobs" &&
      rm -rf "$debs" && DESTDIR=$debs/all cmake --install "$root/program" --strip
  } >"$log" 2>&1 || fail_with "$log"
  mkdir -p "$debs/rellama/usr/share" "$debs/librellama-dev/usr"
  mv "$debs/all/usr/bin" "$debs/rellama/usr/"
  mv "$debs/all/usr/share/"{man,bash-completion,fish,zsh} "$debs/rellama/usr/share/"
  mv "$debs/rellama/usr/share/zsh/site-functions" "$debs/rellama/usr/share/zsh/vendor-completions"
  mv "$debs/all/usr/"{include,lib} "$debs/librellama-dev/usr/"
  find "$debs/rellama/usr/share/man" -name '*.1' -exec gzip -9n {} +
  strip --strip-debug --enable-deterministic-archives "$debs/librellama-dev/usr/lib/"*/librellama.a
  build_deb rellama "$(find_dependencies)"
  build_deb librellama-dev "libcurl4-openssl-dev | libcurl4-gnutls-dev"
  lintian --no-cfg --fail-on error "$dist/rellama_${version}_amd64.deb" \
    "$dist/librellama-dev_${version}_amd64.deb" >"$log" 2>&1 || fail_with "$log"
}
