#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

namespace modescope {

/// A safetensors file: a JSON header, then raw little-endian tensors. Nothing in it can run code.
struct Safetensors {
    std::map<std::string, std::string> metadata;
    std::map<std::string, torch::Tensor> tensors;  ///< contiguous, on the CPU
};

/// float 16, 32 and 64, bfloat 16, int64 and uint8; other types throw Error. All or nothing, as write_file.
void write_safetensors(const std::string& path, const Safetensors& contents);
/// Damaged, foreign and oversized files throw Error with one sentence that names the file. Reading takes
/// memory in proportion to the file's size, whatever its header claims.
Safetensors read_safetensors(const std::string& path);

/// Only the metadata: quick, however large the file is. Throws Error as read_safetensors.
std::map<std::string, std::string> read_safetensors_metadata(const std::string& path);

/// "64×3×11×11", for messages.
std::string shape_text(const torch::Tensor& tensor);

}  // namespace modescope
