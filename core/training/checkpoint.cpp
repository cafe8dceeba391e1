#include "core/training/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/base/file.h"

namespace modescope {
namespace {

using nlohmann::json;
using torch::Tensor;

/// The header's length comes first, as a little-endian 64-bit number.
constexpr std::size_t length_bytes = 8;
/// Longer headers than any real checkpoint's are refused before memory is asked for.
constexpr std::uint64_t longest_header = 100'000'000;

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

json header_of(const Checkpoint& checkpoint) {
    json header;
    header["__metadata__"] = {{"format", "modescope 1"},
                              {"spec", to_json(checkpoint.spec).dump()},
                              {"provenance", checkpoint.provenance.dump()}};
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : checkpoint.tensors) {
        header[name] = {{"dtype", name_of(tensor.scalar_type())},
                        {"shape", tensor.sizes().vec()},
                        {"data_offsets", {offset, offset + tensor.nbytes()}}};
        offset += tensor.nbytes();
    }
    return header;
}

/// Turns bytes into a checkpoint; every doubt becomes one sentence that names the file.
class Reader {
public:
    Reader(const std::string& path, const std::string& bytes) : path_(path), bytes_(bytes) {}

    Checkpoint read() {
        const auto header = parse_header();
        Checkpoint checkpoint{.origin = path_};
        read_metadata(header, checkpoint);
        for (const auto& [name, entry] : header.items())
            if (name != "__metadata__") checkpoint.tensors.emplace(name, read_tensor(name, entry));
        return checkpoint;
    }

private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(fmt::format("{} cannot be used as a checkpoint: {}.", path_, why));
    }

    json parse_header() {
        if (bytes_.size() < length_bytes) refuse("it is too short for a safetensors file");
        std::uint64_t length = 0;
        std::memcpy(&length, bytes_.data(), length_bytes);
        if (length > longest_header || length > bytes_.size() - length_bytes)
            refuse("it is not a safetensors file, or it is cut off");
        data_ = length_bytes + length;
        auto header = json::parse(bytes_.begin() + length_bytes,
                                  bytes_.begin() + static_cast<std::ptrdiff_t>(data_), nullptr, false);
        if (!header.is_object()) refuse("its header is damaged");
        return header;
    }

    void read_metadata(const json& header, Checkpoint& checkpoint) {
        const auto found = header.find("__metadata__");
        if (found == header.end() || !found->is_object() || !found->contains("spec"))
            refuse("it holds no Modescope spec; it was made by another program");
        checkpoint.spec = read_spec(text(*found, "spec"));
        checkpoint.provenance = json::parse(text(*found, "provenance"), nullptr, false);
    }

    Spec read_spec(const std::string& text) {
        const auto parsed = json::parse(text, nullptr, false);
        try {
            return spec_from_json(parsed);
        } catch (const Error& error) {
            throw Error(fmt::format("{}: {}", path_, error.what()));
        }
    }

    static std::string text(const json& object, const char* key) {
        const auto found = object.find(key);
        return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
    }

    Tensor read_tensor(const std::string& name, const json& entry) {
        if (!entry.is_object()) refuse(fmt::format("the entry of tensor {} is damaged", name));
        const auto type = type_of(text(entry, "dtype"));
        if (!type) refuse(fmt::format("tensor {} has an unknown type", name));
        const auto shape = read_shape(name, entry);
        const auto [begin, end] = read_offsets(name, entry);
        const auto bytes = element_count(name, shape) * c10::elementSize(*type);
        if (end - begin != bytes) refuse(fmt::format("tensor {} has the wrong size", name));
        auto tensor = torch::empty(shape, *type);
        if (bytes > 0) std::memcpy(tensor.data_ptr(), bytes_.data() + data_ + begin, bytes);
        return tensor;
    }

    std::vector<std::int64_t> read_shape(const std::string& name, const json& entry) {
        std::vector<std::int64_t> shape;
        for (const auto& side : entry.value("shape", json::array())) {
            if (!side.is_number_unsigned()) refuse(fmt::format("the shape of tensor {} is damaged", name));
            shape.push_back(side.get<std::int64_t>());
        }
        return shape;
    }

    std::uint64_t element_count(const std::string& name, const std::vector<std::int64_t>& shape) {
        std::uint64_t count = 1;
        for (const auto side : shape) {
            // A side of 0 must not hide others that are too large.
            const auto factor = std::max<std::uint64_t>(static_cast<std::uint64_t>(side), 1);
            if (side < 0 || count > bytes_.size() / factor)
                refuse(fmt::format("tensor {} is larger than the file", name));
            count *= factor;
        }
        return std::ranges::find(shape, 0) == shape.end() ? count : 0;
    }

    std::pair<std::uint64_t, std::uint64_t> read_offsets(const std::string& name, const json& entry) {
        const auto offsets = entry.value("data_offsets", json());
        if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
            !offsets[1].is_number_unsigned())
            refuse(fmt::format("the place of tensor {} is damaged", name));
        const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
        if (begin > end || end > bytes_.size() - data_)
            refuse(fmt::format("tensor {} lies outside the file; it is cut off", name));
        return {begin, end};
    }

    const std::string& path_;
    const std::string& bytes_;
    std::size_t data_ = 0;
};

std::string shape_text(const Tensor& tensor) {
    return fmt::format("{}", fmt::join(tensor.sizes().vec(), "×"));
}

}  // namespace

const Tensor& Checkpoint::at(const std::string& name) const {
    const auto found = tensors.find(name);
    if (found == tensors.end())
        throw Error(fmt::format(
            "{} lacks the tensor {}; it does not fit its spec or holds another kind of checkpoint.", origin,
            name));
    return found->second;
}

void write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
    auto header = header_of(checkpoint).dump();
    // Readers map the data, so it starts at a multiple of eight bytes.
    header.resize((header.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = header.size();
    write_file(path, [&](std::ostream& stream) {
        stream.write(reinterpret_cast<const char*>(&length), length_bytes);
        stream << header;
        for (const auto& [name, tensor] : checkpoint.tensors)
            stream.write(static_cast<const char*>(tensor.data_ptr()),
                         static_cast<std::streamsize>(tensor.nbytes()));
    });
}

Checkpoint read_checkpoint(const std::string& path) {
    const auto bytes = read_file(path);
    return Reader(path, bytes).read();
}

NamedTensors module_tensors(const std::string& prefix, const torch::nn::Module& module) {
    NamedTensors list;
    for (const auto& item : module.named_parameters()) list.emplace_back(prefix + item.key(), item.value());
    for (const auto& item : module.named_buffers()) list.emplace_back(prefix + item.key(), item.value());
    return list;
}

void put(Checkpoint& checkpoint, const NamedTensors& tensors) {
    for (const auto& [name, tensor] : tensors)
        checkpoint.tensors[name] = tensor.detach().to(torch::kCPU).clone().contiguous();
}

void get(const Checkpoint& checkpoint, const NamedTensors& tensors) {
    torch::NoGradGuard no_grad;
    for (auto [name, tensor] : tensors) {
        const auto& saved = checkpoint.at(name);
        if (saved.sizes() != tensor.sizes())
            throw Error(fmt::format("{}: tensor {} is {}, but its spec needs {}.", checkpoint.origin, name,
                                    shape_text(saved), shape_text(tensor)));
        tensor.copy_(saved);
    }
}

}  // namespace modescope
