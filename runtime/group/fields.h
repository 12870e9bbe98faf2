// Structs as JSON, both ways, from one list of their fields: what the writer writes is what the reader wants.
//
// A type is described by a specialization: kFields of a struct, kAllowed of an enumeration, kAlternatives of
// a variant. All that is made of such types can be written (ToJson) and read (FromJson). The reader takes
// nothing on trust: a field that is missing, of another kind or out of range is refused with its place.
// Fields that it does not know are passed over, and one that may be empty may be missing, so that a later
// version may add some.
//
// `Json` is nlohmann's: ordered where people read it, plain where it comes from others, since that one finds
// a key without going through all of them. Text that is no UTF-8 is replaced where it stands when the JSON is
// dumped.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace picket::runtime {

// What FromJson throws: the fields that lead to the place, and what is wrong there.
class WrongField : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <typename Struct, typename Value>
struct Field {
  const char* name;
  Value Struct::*member;
};
template <typename Struct, typename Value>
Field(const char*, Value Struct::*) -> Field<Struct, Value>;

// A tuple of Field for each struct; what an enumeration may be; the names of a variant's alternatives in their order.
template <typename Struct>
inline constexpr std::nullptr_t kFields = nullptr;
template <typename Enum>
inline constexpr std::nullptr_t kAllowed = nullptr;
template <typename Variant>
inline constexpr std::nullptr_t kAlternatives = nullptr;

namespace fields {

template <typename T>
concept Described = !std::is_same_v<decltype(kFields<T>), const std::nullptr_t>;

template <typename T, template <typename...> typename Template>
inline constexpr bool kIs = false;
template <template <typename...> typename Template, typename... Parts>
inline constexpr bool kIs<Template<Parts...>, Template> = true;

// Stands for a value of any type, to count the fields of a struct.
struct Anything {
  template <typename T>
  operator T() const;
};
template <typename Struct, typename... Values>
constexpr size_t CountOf() {
  if constexpr (requires { Struct{std::declval<Values>()..., Anything()}; }) {
    return CountOf<Struct, Values..., Anything>();
  } else {
    return sizeof...(Values);
  }
}

}  // namespace fields

// True if the list of a struct's fields names as many as the struct has.
template <fields::Described Struct>
inline constexpr bool kAllFields = std::tuple_size_v<std::remove_const_t<decltype(kFields<Struct>)>> ==
                                   fields::CountOf<Struct>();

template <typename Json, typename T>
Json ToJson(const T& value) {
  if constexpr (fields::Described<T>) {
    Json json = Json::object();
    const auto put = [&](const auto& field) { json[field.name] = ToJson<Json>(value.*field.member); };
    std::apply([&](const auto&... each) { (put(each), ...); }, kFields<T>);
    return json;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<int>(value);
  } else if constexpr (fields::kIs<T, std::optional>) {
    return value ? ToJson<Json>(*value) : Json();
  } else if constexpr (fields::kIs<T, std::vector>) {
    Json json = Json::array();
    for (const auto& element : value) json.push_back(ToJson<Json>(element));
    return json;
  } else if constexpr (fields::kIs<T, std::pair>) {
    return Json::array({ToJson<Json>(value.first), ToJson<Json>(value.second)});
  } else if constexpr (fields::kIs<T, std::variant>) {
    Json json = Json::object();
    const auto put = [&](const auto& one) { json[kAlternatives<T>[value.index()]] = ToJson<Json>(one); };
    std::visit(put, value);
    return json;
  } else {
    return Json(value);
  }
}

template <typename Json, typename T>
void FromJson(const Json& json, T& value);

namespace fields {

template <typename Json, typename Int>
void ReadNumber(const Json& json, Int& value) {
  if (json.is_number_unsigned() && std::in_range<Int>(json.template get<uint64_t>())) {
    value = static_cast<Int>(json.template get<uint64_t>());
  } else if (json.is_number_integer() && !json.is_number_unsigned() &&
             std::in_range<Int>(json.template get<int64_t>())) {
    value = static_cast<Int>(json.template get<int64_t>());
  } else {
    throw WrongField(json.is_number_integer() ? "is out of range" : "is no whole number");
  }
}

template <typename Json, typename Struct, typename Value>
void ReadField(const Json& json, const Field<Struct, Value>& field, Struct& value) {
  const auto found = json.find(field.name);
  // An earlier version did not know it.
  if constexpr (kIs<Value, std::optional>) {
    if (found == json.end()) return (value.*field.member).reset();
  }
  try {
    if (found == json.end()) throw WrongField("is missing");
    FromJson(*found, value.*field.member);
  } catch (const WrongField& wrong) {
    throw WrongField("`" + std::string(field.name) + "` " + wrong.what());
  }
}

template <typename Json, typename Variant, size_t I = 0>
void ReadAlternative(const std::string& name, const Json& json, Variant& value) {
  if constexpr (I == std::variant_size_v<Variant>) {
    throw WrongField("is `" + name.substr(0, 40) + "`, of which nothing is known");
  } else if (name == kAlternatives<Variant>[I]) {
    try {
      FromJson(json, value.template emplace<I>());
    } catch (const WrongField& wrong) {
      throw WrongField("`" + name + "` " + wrong.what());
    }
  } else {
    ReadAlternative<Json, Variant, I + 1>(name, json, value);
  }
}

}  // namespace fields

// Throws WrongField; the value is then half read.
template <typename Json, typename T>
void FromJson(const Json& json, T& value) {
  if constexpr (fields::Described<T>) {
    if (!json.is_object()) throw WrongField("is no object");
    std::apply([&](const auto&... each) { (fields::ReadField(json, each, value), ...); }, kFields<T>);
  } else if constexpr (std::is_enum_v<T>) {
    int number = 0;
    fields::ReadNumber(json, number);
    value = static_cast<T>(number);
    if (std::find(kAllowed<T>.begin(), kAllowed<T>.end(), value) == kAllowed<T>.end() ||
        static_cast<int>(value) != number) {
      throw WrongField("is none of the numbers that it may be");
    }
  } else if constexpr (fields::kIs<T, std::optional>) {
    value.reset();
    if (!json.is_null()) FromJson(json, value.emplace());
  } else if constexpr (fields::kIs<T, std::vector>) {
    if (!json.is_array()) throw WrongField("is no list");
    value.clear();
    for (const Json& element : json) FromJson(element, value.emplace_back());
  } else if constexpr (fields::kIs<T, std::pair>) {
    if (!json.is_array() || json.size() != 2) throw WrongField("is no pair");
    FromJson(json[0], value.first);
    FromJson(json[1], value.second);
  } else if constexpr (fields::kIs<T, std::variant>) {
    if (!json.is_object() || json.size() != 1) throw WrongField("is not one thing with its name");
    fields::ReadAlternative(json.begin().key(), *json.begin(), value);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) throw WrongField("is neither true nor false");
    value = json.template get<bool>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) throw WrongField("is no text");
    value = json.template get_ref<const std::string&>();
  } else {
    fields::ReadNumber(json, value);
  }
}

}  // namespace picket::runtime
