# shellcheck shell=bash
# shellcheck disable=SC2154,SC2153  # script/package sets the variables of all of these
# The static program and its tarball.

# In this order: each after those it needs.
libraries=(openssl zlib c-ares nghttp2 curl libmicrohttpd libmd ncurses libedit md4c utf8proc
  fmtlib spdlog sqlite3)

# Chooses the architecture that everything below builds for.
use_architecture() {
  architecture=$1
  triplet=$architecture-linux-gnu
  root=$work/$architecture
  sysroot=$root/sysroot
  libc=$root/libc
  CC=$triplet-gcc-12 CXX=$triplet-g++-12 AR=$triplet-gcc-ar-12 RANLIB=$triplet-gcc-ranlib-12
  NM=$triplet-gcc-nm-12
  LDFLAGS="-static -L$sysroot/usr/lib"
  CPPFLAGS="-I$sysroot/usr/include"
  CXXFLAGS=$CFLAGS
  PKG_CONFIG_LIBDIR=$sysroot/usr/lib/pkgconfig:$sysroot/usr/share/pkgconfig
  PKG_CONFIG_SYSROOT_DIR=$sysroot
  export triplet sysroot CC CXX AR RANLIB NM LDFLAGS CPPFLAGS CXXFLAGS PKG_CONFIG_LIBDIR \
    PKG_CONFIG_SYSROOT_DIR
}

# Unpacks the header packages of the lock into the sysroot, and the C library beside it: a second copy
# of its headers would come before those that are to go first.
install_binary_packages() {
  local kind package file
  mkdir -p "$sysroot/usr/lib/pkgconfig" "$sysroot/usr/include" "$libc"
  while read -r kind package _; do
    while read -r _ file; do
      case $kind:$architecture:$file in
        libc:x86_64:*_arm64.deb | libc:aarch64:*_amd64.deb) ;;
        libc:*) dpkg-deb --extract "$work/sources/$file" "$libc" ;;
        *) dpkg-deb --extract "$work/sources/$file" "$sysroot" ;;
      esac
    done < <(locked_files "$package")
  done < <(locked headers libc)
  # For x86_64 this is a script of the linker, with the paths of an installed system.
  if [ "$architecture" = x86_64 ]; then
    sed -i "s,/usr/lib/,$libc/usr/lib/,g" "$libc/usr/lib/$triplet/libm.a"
  fi
}

# Builds the libraries whose recipe or sources have changed since the last time, and all after them.
build_libraries() {
  local library state log
  mkdir -p "$root/libraries" "$root/state" "$root/logs"
  state=$({
    locked libc headers
    "$CC" -v 2>&1
    declare -p CFLAGS
    declare -f configure cmake_install install_binary_packages
  } | sha256sum)
  if [ "$(cat "$root/state/start" 2>/dev/null)" != "$state" ]; then
    rm -rf "$sysroot" "$libc" "$root/state"
    mkdir -p "$root/state"
    install_binary_packages
    echo "$state" >"$root/state/start"
  fi
  for library in "${libraries[@]}"; do
    state=$({
      echo "$state"
      locked_files "$library"
      declare -f "build_$library"
    } | sha256sum)
    if [ "$(cat "$root/state/$library" 2>/dev/null)" = "$state" ]; then continue; fi
    echo "rellama: building $library for $architecture"
    log=$root/logs/$library.log
    unpack "$library" "$root/libraries/$library"
    # In the background, because set -e does not hold in a recipe whose failure is tested.
    (cd "$root/libraries/$library" && "build_$library") >"$log" 2>&1 </dev/null &
    wait $! || fail_with "$log"
    find "$sysroot/usr/lib" -name '*.la' -delete
    echo "$state" >"$root/state/$library"
  done
}

# The sources of the program, as they were committed. Files have the time of the commit.
unpack_program() {
  local commit
  commit=$(cat "$root/source/packaging/commit" 2>/dev/null || true)
  if [ -n "$commit" ] && [ "$commit" = "$commit_time $commit_id" ]; then return; fi
  rm -rf "$root/source"
  mkdir -p "$root/source"
  write_sources | tar -x -C "$root/source" --strip-components=1
}

build_program() {
  local log=$root/logs/rellama.log flags
  echo "rellama: building the program for $architecture"
  flags="-fno-pie -ffunction-sections -fdata-sections -fstack-protector-strong"
  flags+=" -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$root/source=. -ffile-prefix-map=$root="
  # -B and -L: the C library of the lock, not the one of this machine.
  cmake -S "$root/source" -B "$root/program" -G Ninja \
    -DCMAKE_TOOLCHAIN_FILE="$top/packaging/toolchain.cmake" \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON \
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
    -DBUILD_TESTING=OFF -DRELLAMA_INSTALL=OFF -DRELLAMA_STATIC=ON -DRELLAMA_WERROR=ON \
    -DCMAKE_CXX_FLAGS="$flags" \
    -DCMAKE_EXE_LINKER_FLAGS="-static -no-pie -B$libc/usr/lib/$triplet -L$libc/usr/lib/$triplet " \
    >"$log" 2>&1 || fail_with "$log"
  cmake --build "$root/program" --parallel "$jobs" >>"$log" 2>&1 || fail_with "$log"
}
