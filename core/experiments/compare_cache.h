#pragma once

#include <string>
#include <vector>

#include "core/experiments/compare.h"

namespace modescope {

/// Measurements of one model on the first conditions of a source, kept in a file named by the hash of `key`.
/// A file that is damaged, or of something else, counts as none.
std::vector<Row> load_rows(const std::string& folder, const std::string& key, std::size_t metrics);
/// Atomic; makes the folder. What cannot be written is measured again next time: no error.
void store_rows(const std::string& folder, const std::string& key, const std::vector<Row>& rows);

}  // namespace modescope
