#include "simulator/text/text_writer.h"

#include <string>

namespace picket::simulator {

void TextWriter::Indent() {
  for (int i = 0; i < depth_; ++i) out_ << "  ";
}

void TextWriter::Open(std::string_view title) {
  if (!plain_) {
    Indent();
    if (depth_ > 0) out_ << "* ";
    out_ << title << ":\n";
  }
  ++depth_;
}

void TextWriter::Item(std::string_view text) {
  if (!plain_) {
    Indent();
    out_ << "* ";
  }
  out_ << text << '\n';
}

void TextWriter::Labelled(std::string_view label, std::string_view text) {
  if (plain_) return Item(text);
  Item(std::string(label).append(": ").append(text));
}

}  // namespace picket::simulator
