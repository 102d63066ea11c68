# GNU libmicrohttpd comes with a pkg-config file everywhere: the emulator links
# PkgConfig::LIBMICROHTTPD.
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBMICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd>=0.9.75)
