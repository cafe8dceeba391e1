#pragma once

#include <string>

namespace modescope {

/// Text for an element or a quoted attribute of an HTML page; what is no UTF-8 is shown as such.
std::string escaped(const std::string& text);

}  // namespace modescope
