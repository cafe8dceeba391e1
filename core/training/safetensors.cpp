#include "core/training/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/text.h"

namespace modescope {
namespace {

using nlohmann::json;
using torch::Tensor;

constexpr const char* metadata_key = "__metadata__";
/// The header's length comes first, as a little-endian 64-bit number.
constexpr std::size_t length_bytes = 8;
/// Longer headers than any real file's are refused: nested JSON takes a hundred times its length in memory.
constexpr std::uint64_t longest_header = 10'000'000;
constexpr std::size_t most_sides = 8;

struct TypeName {
    torch::ScalarType type;
    const char* name;
};
constexpr TypeName type_names[]{{torch::kFloat, "F32"},     {torch::kHalf, "F16"}, {torch::kDouble, "F64"},
                                {torch::kBFloat16, "BF16"}, {torch::kLong, "I64"}, {torch::kByte, "U8"}};

const char* name_of(torch::ScalarType type) {
    for (const auto& row : type_names)
        if (row.type == type) return row.name;
    throw Error(fmt::format("A tensor of type {} cannot be saved.", c10::toString(type)));
}

std::optional<torch::ScalarType> type_of(const std::string& name) {
    for (const auto& row : type_names)
        if (name == row.name) return row.type;
    return {};
}

json header_of(const Safetensors& contents) {
    auto header = json::object();
    if (!contents.metadata.empty()) header[metadata_key] = contents.metadata;
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : contents.tensors) {
        header[name] = {{"dtype", name_of(tensor.scalar_type())},
                        {"shape", tensor.sizes().vec()},
                        {"data_offsets", {offset, offset + tensor.nbytes()}}};
        offset += tensor.nbytes();
    }
    return header;
}

/// Turns bytes into tensors; every doubt becomes one sentence that names the file.
class Reader {
public:
    Reader(const std::string& path, const std::string& bytes) : path_(path), bytes_(bytes) {}

    Safetensors read() {
        const auto header = parse_header();
        Safetensors contents{.metadata = read_metadata(header)};
        for (const auto& [name, entry] : header.items())
            if (name != metadata_key) contents.tensors.emplace(name, read_tensor(name, entry));
        return contents;
    }

    std::map<std::string, std::string> metadata() { return read_metadata(parse_header()); }
    /// Of the header and its length, which the first `length_bytes` tell.
    std::size_t header_end() const {
        if (bytes_.size() < length_bytes) refuse("it is too short");
        std::uint64_t length = 0;
        std::memcpy(&length, bytes_.data(), length_bytes);
        if (length > longest_header) refuse("it is none, or it is cut off");
        return length_bytes + length;
    }

private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(fmt::format("{} cannot be read as a safetensors file: {}.", path_, why));
    }

    json parse_header() {
        data_ = header_end();
        if (data_ > bytes_.size()) refuse("it is none, or it is cut off");
        auto header = read_json(std::string_view(bytes_).substr(length_bytes, data_ - length_bytes));
        if (!header.is_object()) refuse("its header is damaged");
        return header;
    }

    std::map<std::string, std::string> read_metadata(const json& header) {
        std::map<std::string, std::string> metadata;
        const auto found = header.find(metadata_key);
        if (found == header.end()) return metadata;
        if (!found->is_object()) refuse("its metadata is damaged");
        for (const auto& [key, value] : found->items()) {
            if (!value.is_string()) refuse("its metadata is damaged");
            metadata.emplace(key, value.get<std::string>());
        }
        return metadata;
    }

    static std::string text(const json& object, const char* key) {
        const auto found = object.find(key);
        return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
    }

    Tensor read_tensor(const std::string& name, const json& entry) {
        if (!entry.is_object()) refuse(fmt::format("the entry of tensor {} is damaged", shown(name)));
        const auto type = type_of(text(entry, "dtype"));
        if (!type) refuse(fmt::format("tensor {} has an unknown type", shown(name)));
        const auto shape = read_shape(name, entry);
        const auto [begin, end] = read_offsets(name, entry);
        const auto bytes = element_count(name, shape) * c10::elementSize(*type);
        if (end - begin != bytes) refuse(fmt::format("tensor {} has the wrong size", shown(name)));
        claim(name, bytes);
        auto tensor = torch::empty(shape, *type);
        if (bytes > 0) std::memcpy(tensor.data_ptr(), bytes_.data() + data_ + begin, bytes);
        return tensor;
    }

    /// Many tensors in one place would make a small file a large reading.
    void claim(const std::string& name, std::uint64_t bytes) {
        if (bytes > bytes_.size() - data_ - claimed_)
            refuse(fmt::format("tensor {} lies where others do", shown(name)));
        claimed_ += bytes;
    }

    std::vector<std::int64_t> read_shape(const std::string& name, const json& entry) {
        const auto sides = entry.value("shape", json());
        if (!sides.is_array() || sides.size() > most_sides ||
            !std::ranges::all_of(sides, [](const json& side) { return side.is_number_unsigned(); }))
            refuse(fmt::format("the shape of tensor {} is damaged", shown(name)));
        return sides.get<std::vector<std::int64_t>>();
    }

    std::uint64_t element_count(const std::string& name, const std::vector<std::int64_t>& shape) {
        std::uint64_t count = 1;
        for (const auto side : shape) {
            // A side of 0 must not hide others that are too large.
            const auto factor = std::max<std::uint64_t>(static_cast<std::uint64_t>(side), 1);
            if (side < 0 || count > bytes_.size() / factor)
                refuse(fmt::format("tensor {} is larger than the file", shown(name)));
            count *= factor;
        }
        return std::ranges::find(shape, 0) == shape.end() ? count : 0;
    }

    std::pair<std::uint64_t, std::uint64_t> read_offsets(const std::string& name, const json& entry) {
        const auto offsets = entry.value("data_offsets", json());
        if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
            !offsets[1].is_number_unsigned())
            refuse(fmt::format("the place of tensor {} is damaged", shown(name)));
        const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
        if (begin > end || end > bytes_.size() - data_)
            refuse(fmt::format("tensor {} lies outside the file; it is cut off", shown(name)));
        return {begin, end};
    }

    const std::string& path_;
    const std::string& bytes_;
    std::size_t data_ = 0;
    std::uint64_t claimed_ = 0;  ///< bytes of the tensors read so far
};

}  // namespace

void write_safetensors(const std::string& path, const Safetensors& contents) {
    auto header = header_of(contents).dump();
    // Readers map the data, so it starts at a multiple of eight bytes.
    header.resize((header.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = header.size();
    write_file(path, [&](std::ostream& stream) {
        stream.write(reinterpret_cast<const char*>(&length), length_bytes);
        stream << header;
        for (const auto& [name, tensor] : contents.tensors)
            stream.write(static_cast<const char*>(tensor.data_ptr()),
                         static_cast<std::streamsize>(tensor.nbytes()));
    });
}

Safetensors read_safetensors(const std::string& path) {
    const auto bytes = read_file(path);
    return Reader(path, bytes).read();
}

std::map<std::string, std::string> read_safetensors_metadata(const std::string& path) {
    const auto length = read_file_start(path, length_bytes);
    const auto header = read_file_start(path, Reader(path, length).header_end());
    return Reader(path, header).metadata();
}

std::string shape_text(const Tensor& tensor) {
    return fmt::format("{}", fmt::join(tensor.sizes().vec(), "×"));
}

}  // namespace modescope
