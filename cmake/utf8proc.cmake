# utf8proc comes with a pkg-config file everywhere: the terminal room links PkgConfig::UTF8PROC.
find_package(PkgConfig REQUIRED)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc>=2.2)
