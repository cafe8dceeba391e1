#include "tests/fuzz/scratch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/picture_file.h"

namespace modescope::fuzz {
namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path = fs::temp_directory_path() / fmt::format("modescope-fuzz-{}", ::getpid());
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

}  // namespace

std::string path_of(const std::string& name) {
    static const Folder folder;
    const auto path = folder.path / name;
    fs::create_directories(path.parent_path());
    return path.string();
}

std::string put_file(const std::string& name, std::string_view bytes) {
    const auto path = path_of(name);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

void put_picture(const std::string& name, int width, int height, const Rgb& colour) {
    const auto path = path_of(name);
    if (fs::exists(path)) return;
    Image image(width, height, 3);
    for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] = colour[i % 3];
    write_image(path, image);
}

std::string put_tensors(const std::string& name, std::string_view header_and_data) {
    const auto end = std::min(header_and_data.find('\0'), header_and_data.size());
    const std::uint64_t length = end;
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    bytes += header_and_data.substr(0, end);
    if (end < header_and_data.size()) bytes += header_and_data.substr(end + 1);
    return put_file(name, bytes);
}

Spec preset_of(std::string_view bytes) {
    const auto first = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front());
    return presets()[first % presets().size()].spec();
}

void promise_json(const Spec& spec) {
    const auto json = to_json(spec);
    promise(to_json(spec_from_json(nlohmann::json::parse(json.dump()))) == json, "the spec survives");
}

Condition blank_condition(const Spec& spec) {
    const auto [task, size, scale, holes] = task_settings(spec.data);
    if (task == Task::labels) return {.labels = LabelMap(size, size)};
    if (task == Task::picture) return {.picture = Image(size, size, 3)};
    if (task == Task::super_resolution) return {.picture = Image(size / scale, size / scale, 3)};
    return {.picture = Image(size, size, 3), .mask = draw_hole(size, 0, 0, size / 2, size / 2)};
}

}  // namespace modescope::fuzz
