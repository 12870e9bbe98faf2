// JUnit's form of verdicts, for `test` and `sweep`: the parts that both write in the same way.
//
// CI systems read the dialect of Jenkins and GitLab: `testsuites` with `tests`, `failures`, `errors`,
// `skipped`, `time` (seconds) on every suite; on every `testcase` `classname`, `name`, `time`, and `file` and
// `line` where they are known.
#pragma once

#include <cstdint>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "simulator/scenario/report.h"

namespace picket::simulator {

class JUnit {
 public:
  JUnit();
  // Begins a suite. What follows belongs to it.
  void Suite(const std::string& name, int64_t elapsed_ms);
  // A case of the suite; `quote` says where it is written. It has passed unless one of the next three says
  // otherwise.
  void Case(const std::string& name, const Quote& quote, int64_t elapsed_ms);
  void Failure(const std::string& message, const std::string& text);
  void Error(const std::string& message, const std::string& text);
  void Skipped(const std::string& message);
  // The whole document; nothing may follow.
  std::string Text();

 private:
  struct Counts {
    unsigned tests = 0, failures = 0, errors = 0, skipped = 0;
    int64_t elapsed_ms = 0;
  };
  void EndSuite();
  static void Write(pugi::xml_node element, const Counts& counts);

  pugi::xml_document document_;
  pugi::xml_node root_, suite_, case_;
  std::string suite_name_;
  Counts counts_, all_;
};

}  // namespace picket::simulator
