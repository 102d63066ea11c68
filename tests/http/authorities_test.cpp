#include "http/authorities.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace rellama::http {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class HashedCopy : public testing::Test {
 protected:
  HashedCopy() {
    std::string name = testing::TempDir() + "rellama-XXXXXX";
    directory_ = mkdtemp(name.data());
    add("bundle.pem");
  }
  ~HashedCopy() override { fs::remove_all(directory_); }

  void add(const std::string& name) { std::ofstream(directory_ / name) << "a certificate\n"; }
  void date_bundle(std::chrono::seconds from_directory) {
    fs::last_write_time(directory_ / "bundle.pem",
                        fs::last_write_time(directory_) + from_directory);
  }
  [[nodiscard]] bool is_copy() const {
    return is_hashed_copy(directory_.string(), (directory_ / "bundle.pem").string());
  }

  fs::path directory_;
};

TEST_F(HashedCopy, a_directory_of_hashed_names_as_new_as_the_bundle_is_used) {
  add("1a2b3c4d.0");
  date_bundle(0s);
  EXPECT_TRUE(is_copy());
  date_bundle(-60s);
  EXPECT_TRUE(is_copy());
}

TEST_F(HashedCopy, a_directory_older_than_the_bundle_is_not_used) {
  add("1a2b3c4d.0");
  date_bundle(60s);
  EXPECT_FALSE(is_copy());
}

TEST_F(HashedCopy, a_directory_without_hashed_names_is_not_used) {
  for (const char* name : {"Root_CA.pem", "1a2b3c4d", "1a2b3c4d.", "1A2B3C4D.0", "1a2b3c4d.r0"}) {
    add(name);
  }
  date_bundle(-60s);
  EXPECT_FALSE(is_copy());
}

TEST_F(HashedCopy, a_missing_directory_or_bundle_is_not_used) {
  EXPECT_FALSE(is_hashed_copy("/no/such/directory", (directory_ / "bundle.pem").string()));
  EXPECT_FALSE(is_hashed_copy(directory_.string(), "/no/such/bundle.pem"));
  EXPECT_FALSE(is_hashed_copy("", ""));
}

// A root of a system, with files and directories as its package of certificates lays them out.
class SystemAuthorities : public testing::Test {
 protected:
  SystemAuthorities() {
    std::string name = testing::TempDir() + "rellama-XXXXXX";
    root_ = mkdtemp(name.data());
  }
  ~SystemAuthorities() override { fs::remove_all(root_); }

  void add(const std::string& file, const std::string& text = "a certificate\n") {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  void expect(const std::string& file, const std::string& directory) const {
    const AuthorityPlaces found = find_system_authorities(root_);
    EXPECT_EQ(found.file, file.empty() ? "" : (root_ / file).string());
    EXPECT_EQ(found.directory, directory.empty() ? "" : (root_ / directory).string());
  }

  fs::path root_;
};

TEST_F(SystemAuthorities, are_found_on_Debian_and_Arch) {
  add("etc/ssl/certs/ca-certificates.crt");
  add("etc/ssl/certs/1a2b3c4d.0");
  expect("etc/ssl/certs/ca-certificates.crt", "etc/ssl/certs");
}

TEST_F(SystemAuthorities, are_found_on_Fedora) {
  add("etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
  add("etc/pki/ca-trust/extracted/pem/directory-hash/1a2b3c4d.0");
  expect("etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
         "etc/pki/ca-trust/extracted/pem/directory-hash");
  add("etc/pki/tls/certs/ca-bundle.crt");
  expect("etc/pki/tls/certs/ca-bundle.crt", "etc/pki/ca-trust/extracted/pem/directory-hash");
}

TEST_F(SystemAuthorities, are_found_on_Alpine) {
  add("etc/ssl/cert.pem");
  expect("etc/ssl/cert.pem", "");
}

TEST_F(SystemAuthorities, are_found_on_SUSE) {
  add("etc/ssl/ca-bundle.pem");
  add("etc/ssl/certs/1a2b3c4d.0");
  expect("etc/ssl/ca-bundle.pem", "etc/ssl/certs");
}

TEST_F(SystemAuthorities, are_found_on_NixOS) {
  add("etc/ssl/certs/ca-bundle.crt");
  expect("etc/ssl/certs/ca-bundle.crt", "");
}

TEST_F(SystemAuthorities, are_not_an_empty_file) {
  add("etc/ssl/certs/ca-certificates.crt", "");
  expect("", "");
  add("etc/ssl/cert.pem");
  expect("etc/ssl/cert.pem", "");
}

}  // namespace
}  // namespace rellama::http
