#include "tests/import_text/import_text.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "compiler/compile.h"
#include "compiler/import/import.h"
#include "compiler/import/normal_form.h"

namespace picket::compiler::import {

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& folder, const std::string& ending) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ending) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string Resolve(const std::string& type) {
  return "ocf:heartbeat:" + type;
}

std::string AsCib(Reader reader, const std::string& text, TextRead& read) {
  pugi::xml_document cib;
  reader(text, Resolve, cib, read);
  std::ostringstream out;
  cib.save(out);
  return out.str();
}

std::vector<std::string> Lines(const pugi::xml_document& document, std::string_view without) {
  std::vector<std::string> lines;
  for (const NormalElement& element : NormalForm(document)) {
    if (element.section != without) lines.push_back(element.section + ": " + element.text);
  }
  return lines;
}

std::vector<std::string> Lines(const std::string& cib, std::string_view without) {
  pugi::xml_document document;
  if (!document.load_string(cib.c_str())) return {};
  return Lines(document, without);
}

std::vector<std::string> LinesOfPolicy(const std::string& cib, std::string_view without) {
  Imported imported;
  std::string reason;
  if (!Import(cib, {}, imported, reason)) return {};
  const CompileResult result = CompileText(imported.policy, "imported policy", {});
  if (!result.compiled) return {};
  return Lines(result.compiled->cib, without);
}

}  // namespace picket::compiler::import
