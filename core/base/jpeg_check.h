#pragma once

#include <string>

namespace modescope {

/// Whether the picture inside a JPEG is whole. Its beginning and end, which outline_of() looks at, say
/// nothing of a hole between them, which decoders fill with grey. Reads all of it. Any thread.
bool decodes_cleanly(const std::string& jpeg);

}  // namespace modescope
