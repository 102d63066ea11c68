#include "web/run_order.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostParameters = 200;
constexpr std::size_t kLongestName = 200;

// A name becomes part of `-o NAME:=JSON`.
bool is_input_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.';
         });
}

// Reads members of an object, and notes the first that is wrong.
class OrderReader {
 public:
  explicit OrderReader(const Json& object) : object_(object) {}

  RunOrder read() {
    RunOrder order;
    order.prompt = text_of("prompt");
    order.model = text_of("model");
    if (!member("system").is_null()) order.system = text_of("system");
    order.parameters = parameters();
    if (const std::string id = text_of("conversation"); !id.empty()) {
      order.conversation = parse_conversation_id(id);
      if (!order.conversation) refuse("conversation", "is not the ID of a conversation");
    }
    order.parent = turn_of("parent", /*answers_only=*/true);
    order.retry = turn_of("retry", /*answers_only=*/false);
    if (!order.conversation && (order.parent != 0 || order.retry != 0)) {
      refuse("conversation", "is missing");
    }
    order.record = flag_of("record", true);
    order.single = flag_of("single", false);
    order.compare = flag_of("compare", false);
    return order;
  }

  [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept { return refusal_; }

 private:
  void refuse(const std::string& name, const std::string& why) {
    if (!refusal_) refusal_ = {.status = 400, .message = name + " " + why, .param = name};
  }

  // The member `name`; null if it is missing.
  const Json& member(const char* name) const {
    static const Json none;
    const auto found = object_.find(name);
    return found == object_.end() ? none : *found;
  }

  std::string text_of(const char* name) {
    const Json& value = member(name);
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_null()) refuse(name, "must be a text");
    return {};
  }

  bool flag_of(const char* name, bool otherwise) {
    const Json& value = member(name);
    if (value.is_boolean()) return value.get<bool>();
    if (!value.is_null()) refuse(name, "must be true or false");
    return otherwise;
  }

  std::int64_t turn_of(const char* name, bool answers_only) {
    const std::string text = text_of(name);
    if (text.empty()) return 0;
    const auto id = parse_message_id(text);
    if (id && (id->is_answer || !answers_only)) return id->turn;
    refuse(name, "is not the ID of an answer");
    return 0;
  }

  std::vector<std::pair<std::string, JsonText>> parameters() {
    constexpr const char* kName = "parameters";
    const Json& members = member(kName);
    std::vector<std::pair<std::string, JsonText>> list;
    if (members.is_null()) return list;
    if (!members.is_object() || members.size() > kMostParameters) {
      refuse(kName, "must be an object with the inputs of a model");
      return list;
    }
    for (const auto& [name, value] : members.items()) {
      if (!is_input_name(name)) refuse(kName, "has a name that no input can have");
      if (!value.is_null()) list.emplace_back(name, JsonText{wire::render_json(value)});
    }
    return list;
  }

  const Json& object_;
  std::optional<Refusal> refusal_ = {};
};

}  // namespace

std::variant<RunOrder, Refusal> parse_run_order(std::string_view body) {
  const Json object = wire::find_json(body);
  if (!object.is_object())
    return Refusal{.status = 400, .message = "the body is not a JSON object"};
  OrderReader reader(object);
  RunOrder order = reader.read();
  if (reader.refusal()) return *reader.refusal();
  return order;
}

}  // namespace rellama::web
