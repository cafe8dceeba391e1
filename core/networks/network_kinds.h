#pragma once

#include <string>
#include <vector>

namespace modescope {

/// What `network.kind` may be: the rows of the table of networks.
std::vector<std::string> network_kinds();

}  // namespace modescope
