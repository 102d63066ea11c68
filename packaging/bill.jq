# From lines PACKAGE VERSION SHA-256 LICENSE, the program first, to a bill of materials: SPDX 2.3.
def id: "SPDXRef-" + gsub("[^A-Za-z0-9.-]"; "-");

[inputs | capture("^(?<name>[^ ]+) (?<version>[^ ]+) (?<hash>[^ ]+) (?<license>.+)$")] as $packages |
{
  spdxVersion: "SPDX-2.3",
  dataLicense: "CC0-1.0",
  SPDXID: "SPDXRef-DOCUMENT",
  name: $name,
  documentNamespace: "https://spdx.org/spdxdocs/\($name)-\($commit)",
  creationInfo: {created: $created, creators: ["Tool: rellama-script-package"]},
  packages: [$packages[] | {
    SPDXID: (.name | id),
    name,
    versionInfo: .version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: .license,
    copyrightText: "NOASSERTION"
  } + if .name == "rellama" then {} else {
    externalRefs: [{
      referenceCategory: "PACKAGE-MANAGER",
      referenceType: "purl",
      referenceLocator: "pkg:deb/debian/\(.name | @uri)@\(.version | @uri)?distro=bookworm"
    }]
  } end + if .hash | test("^[0-9a-f]{64}$") then
    {checksums: [{algorithm: "SHA256", checksumValue: .hash}]} else {} end],
  relationships: ([{
    spdxElementId: "SPDXRef-DOCUMENT",
    relationshipType: "DESCRIBES",
    relatedSpdxElement: "SPDXRef-rellama"
  }] + [$packages[1:][] | {
    spdxElementId: "SPDXRef-rellama",
    relationshipType: "STATIC_LINK",
    relatedSpdxElement: (.name | id)
  }])
}
