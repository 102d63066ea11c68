"""The C++ library for Conan 2: conan create packaging/conan"""

import os
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load


class RellamaConan(ConanFile):
    name = "rellama"
    description = "C++20 client library for models hosted by Replicate"
    license = "Apache-2.0"
    topics = ("llama", "replicate", "llm")
    package_type = "static-library"
    settings = "os", "compiler", "build_type", "arch"

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def set_version(self):
        text = load(self, os.path.join(self._root, "CMakeLists.txt"))
        self.version = re.search(r"project\(rellama\s+VERSION ([0-9.]+)", text).group(1)

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*"):
            copy(self, pattern, self._root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        # Part of the library's interface: whoever links the library links libcurl.
        self.requires("libcurl/[>=7.85 <9]", transitive_libs=True)
        self.requires("nlohmann_json/[>=3.11 <4]")
        self.requires("valijson/[>=1.0 <2]")

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["RELLAMA_BUILD_PROGRAM"] = False
        toolchain.cache_variables["BUILD_TESTING"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.libs = ["rellama"]
        self.cpp_info.set_property("cmake_file_name", "rellama")
        self.cpp_info.set_property("cmake_target_name", "rellama::rellama")
        self.cpp_info.set_property("pkg_config_name", "rellama")
        self.cpp_info.requires = ["libcurl::libcurl", "nlohmann_json::nlohmann_json", "valijson::valijson"]
