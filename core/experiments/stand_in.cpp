#include "core/experiments/stand_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/worlds/maps.h"
#include "core/worlds/street.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;

constexpr int files = 24;  // more than a batch, so that reading is not a matter of one cached file

/// Sides of the pictures as published.
constexpr int cityscapes_height = 1024, maps_side = 600, celeba_width = 178, celeba_height = 218;

std::string make_folder(const fs::path& path) {
    fs::create_directories(path);
    return path.string();
}

Image beside(const Image& left, const Image& right) { return contact_sheet({left, right}, 2, 1, 0); }

Image cut(const Image& picture, int width, int height) {
    Image part(width, height, 3);
    for (int y = 0; y < height; ++y) std::copy_n(&picture.at(0, y), 3 * width, &part.at(0, y));
    return part;
}

struct Rendering {
    Layout layout;
    Image picture;
};

Rendering render(const World& world, int size, int number) {
    auto rng = Rng::at(1, number);
    Rendering rendering{world.layout(size, rng), {}};
    rendering.picture = world.render(rendering.layout, world.draw_style(rng), rng);
    return rendering;
}

/// The official label ids of Street's classes: sky, road, sidewalk, building, vegetation, car, road, person.
Image label_ids(const LabelMap& labels) {
    constexpr std::array<std::uint8_t, 8> ids{23, 7, 8, 11, 21, 26, 7, 24};
    Image picture(labels.width, labels.height, 1);
    for (std::size_t pixel = 0; pixel < labels.data.size(); ++pixel)
        picture.data[pixel] = ids[labels.data[pixel]];
    return picture;
}

void write_cityscapes(const fs::path& root) {
    const auto photos = make_folder(root / "leftImg8bit/train/stand"),
               labels = make_folder(root / "gtFine/train/stand");
    for (int i = 0; i < files; ++i) {
        const auto [layout, picture] = render(street_world(), cityscapes_height, i);
        const auto name = fmt::format("stand_{:06}_000019", i);
        const auto ids = label_ids(layout.labels);
        write_image(fmt::format("{}/{}_leftImg8bit.png", photos, name), beside(picture, picture));
        write_image(fmt::format("{}/{}_gtFine_labelIds.png", labels, name), beside(ids, ids));
    }
}

void write_pairs(const fs::path& root) {
    const auto folder = make_folder(root / "train");
    for (int i = 0; i < files; ++i) {
        const auto [layout, picture] = render(maps_world(), maps_side, i);
        write_image(fmt::format("{}/{}.jpg", folder, i + 1),
                    beside(picture, colour_labels(maps_world().classes(), layout.labels)));
    }
}

void write_celeba(const fs::path& root) {
    const auto folder = make_folder(root / "img_align_celeba");
    std::string partition;
    for (int i = 0; i < files; ++i) {
        const auto name = fmt::format("{:06}.jpg", i + 1);
        write_image(folder + "/" + name,
                    cut(render(street_world(), celeba_height, i).picture, celeba_width, celeba_height));
        partition += fmt::format("{} {}\n", name, i % 8 == 7 ? 1 : 0);
    }
    write_file((root / "list_eval_partition.txt").string(), partition);
}

}  // namespace

std::string write_stand_in(const Spec& spec, const std::string& scratch) {
    const auto root = fs::path(scratch) / spec.preset;
    const auto task = find_task(spec.data.task);
    if (task == Task::labels) write_cityscapes(root);
    if (task == Task::picture) write_pairs(root);
    if (task == Task::super_resolution || task == Task::inpainting) write_celeba(root);
    return root.string();
}

}  // namespace modescope
