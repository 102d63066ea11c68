#include "prompt/catalogue.hpp"

#include <algorithm>

#include "prompt/catalogue_file.hpp"

namespace rellama::prompt {
namespace {

bool has_name(const CatalogueModel& model, std::string_view name) {
  return model.id == name || std::find(model.short_names.begin(), model.short_names.end(), name) !=
                                 model.short_names.end();
}

std::optional<CatalogueEntry> find_in(const CatalogueTable& table, std::string_view name) {
  for (const CatalogueFamily& family : table.families) {
    for (const CatalogueModel& model : family.models) {
      if (has_name(model, name)) return CatalogueEntry{&family, &model};
    }
  }
  return std::nullopt;
}

void append(std::vector<CatalogueEntry>& entries, const CatalogueTable& table) {
  for (const CatalogueFamily& family : table.families) {
    for (const CatalogueModel& model : family.models) entries.push_back({&family, &model});
  }
}

}  // namespace

std::optional<CatalogueEntry> find_model(const Catalogue& catalogue, std::string_view name) {
  if (name.empty()) return std::nullopt;
  if (catalogue.users() != nullptr) {
    if (const auto entry = find_in(catalogue.users()->table(), name)) return entry;
  }
  return find_in(compiled_catalogue, name);
}

std::vector<CatalogueEntry> list_models(const Catalogue& catalogue) {
  std::vector<CatalogueEntry> entries;
  if (catalogue.users() == nullptr) {
    append(entries, compiled_catalogue);
    return entries;
  }
  append(entries, catalogue.users()->table());
  const std::size_t own = entries.size();
  const auto is_replaced = [&](const CatalogueEntry& entry) {
    return std::any_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(own),
                       [&](const CatalogueEntry& users) {
                         return !entry.model->id.empty() && users.model->id == entry.model->id;
                       });
  };
  std::vector<CatalogueEntry> built_in;
  append(built_in, compiled_catalogue);
  for (const CatalogueEntry& entry : built_in) {
    if (!is_replaced(entry)) entries.push_back(entry);
  }
  return entries;
}

std::optional<KnownVersion> find_version(const Catalogue& catalogue, std::string_view id) {
  for (const CatalogueEntry& entry : list_models(catalogue)) {
    for (const CatalogueVersion& version : entry.model->versions) {
      if (version.id == id) return KnownVersion{entry, &version};
    }
  }
  return std::nullopt;
}

const CatalogueFamily* find_family(const Catalogue& catalogue, const ModelRef& ref) {
  const auto* version = std::get_if<ModelVersion>(&ref);
  if (version != nullptr) {
    if (const auto known = find_version(catalogue, version->id)) return known->entry.family;
    if (!version->model) return nullptr;
  } else if (!std::holds_alternative<ModelName>(ref)) {
    return nullptr;
  }
  const ModelName& name = version != nullptr ? *version->model : std::get<ModelName>(ref);
  const auto entry = find_model(catalogue, render_model_ref(name));
  return entry ? entry->family : nullptr;
}

std::string full_name(const CatalogueEntry& entry) {
  std::string name(entry.family->name);
  // "Llama 2 chat" and "70B chat" share a word, which must not appear twice.
  std::string_view size = entry.model->size;
  for (const std::string_view common : {" chat", " instruct"}) {
    if (entry.family->name.ends_with(common) && size.ends_with(common)) {
      size.remove_suffix(common.size());
    }
  }
  if (!size.empty()) name.append(" ").append(size);
  return name;
}

bool can_be_asked(const CatalogueModel& model) noexcept {
  switch (model.hosting) {
    case Hosting::official:
    case Hosting::listed:
    case Hosting::seen: return !model.id.empty();
    case Hosting::gone:
    case Hosting::not_listed:
    case Hosting::unknown: return false;
  }
  return false;
}

ErrorParts describe_missing(const CatalogueEntry& entry) {
  const CatalogueModel& model = *entry.model;
  ErrorParts parts{.failed = full_name(entry)};
  switch (model.hosting) {
    case Hosting::gone: parts.failed += " is no longer hosted by Replicate"; break;
    case Hosting::unknown: parts.failed += " is not known to be hosted by Replicate"; break;
    default: parts.failed += " is not hosted by Replicate"; break;
  }
  parts.why = model.source;
  if (!model.instead.empty()) parts.remedy = "use -m " + std::string(model.instead) + ", or ";
  parts.remedy += "host it yourself, for example in a Cog container";
  return parts;
}

}  // namespace rellama::prompt
