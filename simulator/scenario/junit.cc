#include "simulator/scenario/junit.h"

#include <cstdio>
#include <sstream>

namespace picket::simulator {

namespace {

// `1.204`, whatever the locale.
std::string Seconds(int64_t ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(ms / 1000), static_cast<long long>(ms % 1000));
  return text;
}

// XML 1.0 has no way to write most control characters, not even as references.
std::string Allowed(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\t') c = '?';
  }
  return text;
}

void Set(pugi::xml_node element, const char* name, const std::string& value) {
  element.append_attribute(name) = Allowed(value).c_str();
}

void Tell(pugi::xml_node element, const std::string& message, const std::string& text) {
  Set(element, "message", message);
  if (!text.empty()) element.append_child(pugi::node_pcdata).set_value(Allowed(text).c_str());
}

}  // namespace

JUnit::JUnit() : root_(document_.append_child("testsuites")) {}

void JUnit::Suite(const std::string& name, int64_t elapsed_ms) {
  EndSuite();
  suite_name_ = name;
  suite_ = root_.append_child("testsuite");
  Set(suite_, "name", name);
  counts_ = {.elapsed_ms = elapsed_ms};
}

void JUnit::Case(const std::string& name, const Quote& quote, int64_t elapsed_ms) {
  ++counts_.tests;
  case_ = suite_.append_child("testcase");
  Set(case_, "classname", suite_name_);
  Set(case_, "name", name);
  Set(case_, "file", quote.file.empty() ? suite_name_ : quote.file);
  if (quote.line > 0) Set(case_, "line", std::to_string(quote.line));
  Set(case_, "time", Seconds(elapsed_ms));
}

void JUnit::Failure(const std::string& message, const std::string& text) {
  ++counts_.failures;
  Tell(case_.append_child("failure"), message, text);
}

void JUnit::Error(const std::string& message, const std::string& text) {
  ++counts_.errors;
  Tell(case_.append_child("error"), message, text);
}

void JUnit::Skipped(const std::string& message) {
  ++counts_.skipped;
  Tell(case_.append_child("skipped"), message, "");
}

void JUnit::Write(pugi::xml_node element, const Counts& counts) {
  Set(element, "tests", std::to_string(counts.tests));
  Set(element, "failures", std::to_string(counts.failures));
  Set(element, "errors", std::to_string(counts.errors));
  Set(element, "skipped", std::to_string(counts.skipped));
  Set(element, "time", Seconds(counts.elapsed_ms));
}

void JUnit::EndSuite() {
  if (!suite_) return;
  Write(suite_, counts_);
  all_.tests += counts_.tests;
  all_.failures += counts_.failures;
  all_.errors += counts_.errors;
  all_.skipped += counts_.skipped;
  all_.elapsed_ms += counts_.elapsed_ms;
}

std::string JUnit::Text() {
  EndSuite();
  Write(root_, all_);
  std::ostringstream text;
  document_.save(text, "  ");
  return text.str();
}

}  // namespace picket::simulator
