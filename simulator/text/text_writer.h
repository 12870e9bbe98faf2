// The engine of the text output: titles, items and empty lines, indented by the lists that are open (spec 06
// §8).
//
// What is said is decided elsewhere; this knows only about bullets and blanks. Each line costs its length.
#pragma once

#include <ostream>
#include <string_view>

namespace picket::simulator {

class TextWriter {
 public:
  // `plain` leaves out titles and every prefix: score lines for programs (simulate -sQ).
  TextWriter(std::ostream& out, bool plain) : out_(out), plain_(plain) {}

  void Open(std::string_view title);
  void Close() { --depth_; }
  void Item(std::string_view text);
  void Spacer() { out_ << '\n'; }
  // `Label: text`; plain lines have no labels.
  void Labelled(std::string_view label, std::string_view text);
  // A line of its own that no list indents.
  void Info(std::string_view text) { out_ << text << '\n'; }

 private:
  void Indent();

  std::ostream& out_;
  bool plain_;
  int depth_ = 0;
};

// An open list as a scope.
class OpenList {
 public:
  OpenList(TextWriter& writer, std::string_view title) : writer_(writer) { writer_.Open(title); }
  ~OpenList() { writer_.Close(); }
  OpenList(const OpenList&) = delete;
  OpenList& operator=(const OpenList&) = delete;

 private:
  TextWriter& writer_;
};

}  // namespace picket::simulator
