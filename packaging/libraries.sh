# shellcheck shell=bash
# shellcheck disable=SC2154,SC2086  # script/package sets these variables; flags are words
# A recipe for each library: how it is built, static and slim, and installed below $sysroot/usr.
# Each starts in the unpacked source and is built there. The compiler is not told where that is, so
# that the same sources make the same bytes anywhere.

export CFLAGS="-O2 -g0 -fno-pie -ffunction-sections -fdata-sections -fstack-protector-strong"
CFLAGS+=" -D_FORTIFY_SOURCE=2"

configure() {
  ./configure --host="$triplet" --build="$(dpkg-architecture -qDEB_BUILD_GNU_TYPE)" \
    --prefix=/usr --libdir=/usr/lib --disable-shared --enable-static "$@" >configure.log
}

build_and_install() {
  make -s -j"$jobs" "$@" && make -s install DESTDIR="$sysroot"
}

# For the libraries that have CMake: as part of the same tree.
cmake_install() {
  cmake -S . -B build-static -G Ninja -DCMAKE_TOOLCHAIN_FILE="$top/packaging/toolchain.cmake" \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS="$CFLAGS -ffile-prefix-map=$PWD=." \
    -DCMAKE_CXX_FLAGS="$CFLAGS -ffile-prefix-map=$PWD=." -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR=lib \
    -DBUILD_SHARED_LIBS=OFF "$@" >configure.log
  cmake --build build-static --parallel "$jobs"
  DESTDIR=$sysroot cmake --install build-static >/dev/null
}

build_zlib() {
  CHOST=$triplet ./configure --static --prefix=/usr >configure.log
  build_and_install libz.a
}

# The resolver: getaddrinfo would load NSS modules of the system, which a static program cannot. It
# takes names from /etc/hosts and DNS, in the order of /etc/nsswitch.conf. Names of services would
# need a module too; ports are numbers here.
build_c-ares() {
  cmake_install -DCARES_STATIC=ON -DCARES_SHARED=OFF -DCARES_BUILD_TOOLS=OFF
  cat >services.c <<'END'
#include <netdb.h>
int getservbyport_r(int port, const char* protocol, struct servent* entry, char* text, size_t size,
                    struct servent** result) {
  (void)port, (void)protocol, (void)entry, (void)text, (void)size;
  *result = 0;
  return 0;
}
int getservbyname_r(const char* name, const char* protocol, struct servent* entry, char* text,
                    size_t size, struct servent** result) {
  (void)name, (void)protocol, (void)entry, (void)text, (void)size;
  *result = 0;
  return 0;
}
END
  "$CC" $CFLAGS -c services.c
  "$AR" rD "$sysroot/usr/lib/libcares.a" services.o
}

# TLS 1.2 and 1.3 with what servers on the web use. No configuration file is read: another system's
# may name providers that are not here.
build_openssl() {
  env -u CPPFLAGS ./Configure "linux-$architecture" --cross-compile-prefix= --prefix=/usr --libdir=lib --openssldir=/etc/ssl \
    no-shared no-module no-engine no-dso no-autoload-config no-comp no-legacy no-tests no-ui-console \
    no-ssl3 no-tls1 no-tls1_1 no-dtls no-srp no-srtp no-ct no-cms no-ts no-cmp no-rfc3779 no-ocsp \
    no-idea no-seed no-camellia no-aria no-sm2 no-sm3 no-sm4 no-bf no-cast no-rc2 no-rc4 no-rc5 no-des \
    no-md2 no-md4 no-mdc2 no-whirlpool no-rmd160 no-blake2 no-siphash no-gost no-sctp no-ssl-trace \
    no-async no-sock no-nextprotoneg no-afalgeng no-scrypt no-psk no-makedepend >configure.log
  make -s -j"$jobs" build_generated
  make -s -j"$jobs" libcrypto.a libssl.a
  make -s install_dev DESTDIR="$sysroot"
}

build_nghttp2() {
  cmake_install -DENABLE_LIB_ONLY=ON -DENABLE_STATIC_LIB=ON -DENABLE_SHARED_LIB=OFF
}

# HTTP/1.1, HTTP/2, TLS and proxies, nothing else. Where the system's authorities are is found at run
# time (src/http/system_authorities.cpp).
build_curl() {
  configure --with-openssl="$sysroot/usr" --with-nghttp2="$sysroot/usr" --with-zlib="$sysroot/usr" \
    --enable-ares="$sysroot/usr" --without-ca-bundle --without-ca-path \
    --without-brotli --without-zstd --without-libidn2 --without-libpsl --without-librtmp \
    --without-libssh2 --disable-file --disable-ftp --disable-ldap --disable-ldaps --disable-rtsp \
    --disable-dict --disable-telnet --disable-tftp --disable-pop3 --disable-imap --disable-smb \
    --disable-smtp --disable-gopher --disable-mqtt --disable-manual --disable-libcurl-option \
    --disable-ntlm --disable-tls-srp --disable-cookies --disable-doh --disable-mime --disable-netrc \
    --disable-alt-svc --disable-hsts --disable-unix-sockets --disable-progress-meter --disable-sspi \
    --disable-openssl-auto-load-config
  make -s -j"$jobs" -C lib
  make -s -C lib install DESTDIR="$sysroot"
  make -s -C include install DESTDIR="$sysroot"
  make -s install-pkgconfigDATA DESTDIR="$sysroot"
}

# One file, which tools of this machine put together.
build_sqlite3() {
  env -u CFLAGS -u CPPFLAGS -u LDFLAGS CC="$triplet_of_this_machine-gcc-12" \
    ./configure --prefix=/usr --libdir=/usr/lib --disable-tcl --disable-readline >configure.log
  make -s sqlite3.c
  "$CC" $CPPFLAGS $CFLAGS -DSQLITE_ENABLE_FTS5 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_DQS=0 \
    -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_SHARED_CACHE \
    -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_USE_ALLOCA -DSQLITE_THREADSAFE=1 -DHAVE_USLEEP=1 \
    -c sqlite3.c -o sqlite3.o
  "$AR" rcD "$sysroot/usr/lib/libsqlite3.a" sqlite3.o
  install -m 644 -t "$sysroot/usr/include" sqlite3.h
  install -m 644 -t "$sysroot/usr/lib/pkgconfig" sqlite3.pc
}

build_libmicrohttpd() {
  configure --disable-https --disable-bauth --disable-dauth --disable-postprocessor \
    --disable-httpupgrade --disable-curl --disable-doc --disable-examples --disable-tools
  build_and_install
}

build_md4c() {
  cmake_install
}

build_utf8proc() {
  cmake_install
}

build_libmd() {
  configure
  build_and_install
}

# terminfo: the system's entries, and those of common terminals where it has none.
build_ncurses() {
  configure --with-normal --without-debug --without-cxx --without-cxx-binding --without-ada \
    --without-manpages --without-progs --without-tests --without-gpm --with-termlib=tinfo \
    --enable-widec --disable-db-install --disable-stripping --enable-pc-files \
    --with-pkg-config-libdir=/usr/lib/pkgconfig --with-default-terminfo-dir=/usr/share/terminfo \
    --with-terminfo-dirs=/etc/terminfo:/lib/terminfo:/usr/share/terminfo:/usr/lib/terminfo \
    --with-fallbacks=xterm,xterm-256color,screen,screen-256color,tmux,tmux-256color,linux,vt100 \
    --with-build-cc="${triplet_of_this_machine}-gcc-12"
  build_and_install -C include
  build_and_install -C ncurses
}

# Without Debian's patches, which would have it use libbsd instead of its own copies.
build_libedit() {
  configure --disable-examples
  build_and_install
}

build_fmtlib() {
  cmake_install -DFMT_TEST=OFF -DFMT_DOC=OFF
}

build_spdlog() {
  cmake_install -DSPDLOG_FMT_EXTERNAL=ON -DSPDLOG_BUILD_EXAMPLE=OFF -DSPDLOG_BUILD_TESTS=OFF
}
