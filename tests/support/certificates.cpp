#include "support/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace rellama::test {
namespace {

constexpr long kHour = 3600;

struct CertificateDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, CertificateDeleter>;
using X509Pointer = std::unique_ptr<X509, CertificateDeleter>;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "cannot make a key");
  return key;
}

void add_extension(X509& certificate, X509& issuer, int name, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, CertificateDeleter> extension(
      X509V3_EXT_conf_nid(nullptr, &context, name, value.c_str()));
  require(extension != nullptr, "cannot make an extension");
  X509_add_ext(&certificate, extension.get(), -1);
}

long next_serial() {
  static std::atomic<long> serial = 0;
  return ++serial;
}

X509Pointer make_certificate(EVP_PKEY& key, const std::string& common_name, long ends_in) {
  X509Pointer certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), next_serial());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -24 * kHour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), ends_in);
  X509_set_pubkey(certificate.get(), &key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  return certificate;
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& key) {
  X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer));
  require(X509_sign(&certificate, &key, EVP_sha256()) > 0, "cannot sign");
}

template <typename Write>
std::string to_pem(Write write) {
  const std::unique_ptr<BIO, CertificateDeleter> bio(BIO_new(BIO_s_mem()));
  require(write(bio.get()) == 1, "cannot write PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509& certificate) {
  return to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, &certificate); });
}

}  // namespace

struct Authority::State {
  Key key = make_key();
  X509Pointer certificate =
      make_certificate(*key, "rellama test authority " + std::to_string(next_serial()), 24 * kHour);
};

Authority::Authority() : state_(std::make_unique<State>()) {
  X509& own = *state_->certificate;
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  sign(own, own, *state_->key);
}

Authority::~Authority() = default;

std::string Authority::pem() const {
  return to_pem(*state_->certificate);
}

Certificate Authority::issue(Flaw flaw) const {
  const Key key = make_key();
  const bool other = flaw == Flaw::other_host;
  const X509Pointer certificate = make_certificate(*key, other ? "other.example" : "localhost",
                                                   flaw == Flaw::expired ? -kHour : 24 * kHour);
  add_extension(*certificate, *state_->certificate, NID_subject_alt_name,
                other ? "DNS:other.example" : "DNS:localhost,IP:127.0.0.1");
  sign(*certificate, *state_->certificate, *state_->key);
  return {to_pem(*certificate), to_pem([&](BIO* bio) {
            return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace rellama::test
