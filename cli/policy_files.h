// The policies that words on the command line name: files, and folders with all `.picket` files below them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "cli/exit_status.h"

namespace picket::cli {

// In the order of the words, those of a folder in the order of their names. A word that is no folder stays as
// it is. Folders whose name begins with a dot are left out, and links to folders are not followed.
inline std::vector<std::string> PolicyFiles(const std::vector<std::string>& words) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const std::string& word : words) {
    std::error_code error;
    if (word == "-" || !fs::is_directory(word, error)) {
      files.push_back(word);
      continue;
    }
    std::vector<std::string> found;
    fs::recursive_directory_iterator entry(word, fs::directory_options::skip_permission_denied, error), end;
    for (; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      std::error_code no_matter;
      if (entry->is_directory(no_matter) && name.starts_with(".")) entry.disable_recursion_pending();
      if (entry->path().extension() == ".picket" && entry->is_regular_file(no_matter)) {
        found.push_back(entry->path().string());
      }
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

// Says that folders among the words have no policy; the exit status.
inline int TellNoPolicies(const std::vector<std::string>& words) {
  std::string folders;
  for (const std::string& word : words) folders += (folders.empty() ? "" : ", ") + word;
  std::cerr << "picket: there is no .picket file in " << folders << '\n';
  return kInputWrong;
}

}  // namespace picket::cli
