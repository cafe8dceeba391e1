#include "core/experiments/compare_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <mutex>
#include <system_error>

#include "core/base/error.h"
#include "core/base/picture_file.h"
#include "core/base/sha256.h"
#include "core/folders/folder.h"
#include "core/tasks/condition_file.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;

constexpr int endless = std::numeric_limits<int>::max();

/// Which of a world's conditions hide something, found as far as anyone asked.
class HidingConditions {
public:
    HidingConditions(const World& world, const TaskSettings& settings) : world_(world), settings_(settings) {}

    HeldOut at(int index) {
        // A label map hides everything, so nobody needs to look for those that hide something.
        if (settings_.task == Task::labels)
            return *held_out(world_, settings_, static_cast<std::uint64_t>(index));
        const std::lock_guard lock(mutex_);
        while (static_cast<int>(found_.size()) <= index) find_next();
        return *held_out(world_, settings_, found_[index]);
    }

private:
    /// What was looked for in vain is not looked for again: that takes seconds.
    void find_next() {
        if (failure_) throw Error(*failure_);
        try {
            next_held_out(world_, settings_, next_);
        } catch (const Error& error) {
            failure_ = error;
            throw;
        }
        found_.push_back(next_ - 1);
    }

    const World& world_;
    TaskSettings settings_;
    std::mutex mutex_;
    std::vector<std::uint64_t> found_;
    std::uint64_t next_ = 0;
    std::optional<Error> failure_;
};

/// Of what true_moments() says: figures in the cache that another one was measured against are none.
constexpr int truth_version = 2;

std::string pixels_of(const Condition& x) {
    std::string bytes;
    for (const auto* part : {&x.labels.data, &x.picture.data, &x.mask.data}) {
        bytes += fmt::format("{} ", part->size());
        bytes.append(part->begin(), part->end());
    }
    return bytes;
}

std::string describe(const std::string& name, const TaskSettings& settings) {
    return fmt::format("{}, {}, {} × {}", name, info(settings.task).id, settings.size, settings.size);
}

std::string number_id(const TaskSettings& settings) {
    const auto& holes = settings.holes;
    return fmt::format("{} {} {} {} {} {} {}", info(settings.task).id, settings.size, settings.scale,
                       holes.least, holes.most, holes.box, holes.margin);
}

std::vector<std::string> files_of(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return {path};
    auto files = pictures_in(path);
    if (files.empty())
        throw Error(fmt::format("The folder {} has no picture; give it PNG or JPEG files.", path));
    for (auto& file : files) file = (fs::path(path) / file).string();
    return files;
}

/// Whoever painted a label map, its world can render it.
void add_truth(Case& condition, const World& world) {
    auto source = std::make_shared<HeldOut>(HeldOut{.seed = condition.seed, .rng = Rng(condition.seed)});
    auto& example = source->example;
    example.layout = condition.x.labels;
    example.style = world.draw_style(source->rng);
    example.pair = {condition.x, world.render(example.layout, example.style, source->rng)};
    source->hidden = all_hidden(world, example.layout);
    condition.target = example.pair.y;
    condition.source = std::move(source);
}

Cases listed_cases(const Sampler& model, std::vector<Case> list, const std::string& name) {
    Cases cases{.title = describe(name, task_settings(model.spec().data)),
                .count = static_cast<int>(list.size()),
                .settings = task_settings(model.spec().data),
                .classes = model.classes()};
    std::string pixels;
    for (const auto& item : list) pixels += pixels_of(item.x) + fmt::format(" {};", item.seed);
    cases.id = fmt::format("files {} {}", number_id(cases.settings), sha256(pixels));
    cases.at = [list = std::move(list)](int index) { return list.at(static_cast<std::size_t>(index)); };
    return cases;
}

}  // namespace

Cases world_cases(const World& world, const TaskSettings& settings) {
    if (!world.serves(settings.task))
        throw Error(fmt::format("The world {} has no task {}.", world.id(), info(settings.task).id));
    auto conditions = std::make_shared<HidingConditions>(world, settings);
    Cases cases{.id = fmt::format("world {} {} truth {}", world.id(), number_id(settings), truth_version),
                .title = describe(world.name(), settings),
                .count = endless,
                .world = &world,
                .settings = settings,
                .classes = world.classes()};
    cases.at = [conditions](int index) {
        auto source = std::make_shared<const HeldOut>(conditions->at(index));
        const auto& pair = source->example.pair;
        return Case{fmt::format("input {}", index + 1), pair.x, pair.y, source->seed, source};
    };
    return cases;
}

Cases folder_cases(const DataSpec& data, std::uint64_t seed) {
    const std::shared_ptr<const FolderPairs> pairs = open_folder(data, seed);
    const auto name = (fs::path(data.folder) / "").parent_path().filename().string();
    Cases cases{.title = describe(name, task_settings(data)),
                .count = static_cast<int>(pairs->held_out_count()),
                .settings = task_settings(data),
                .classes = pairs->classes(),
                .arguments = {"--data", data.folder}};
    cases.at = [pairs](int index) {
        const auto pair = pairs->pair(Split::held_out, index);
        const auto noise = Rng::at(1, static_cast<std::uint64_t>(index)).next();
        return Case{fmt::format("input {}", index + 1), pair.x, pair.y, noise, nullptr};
    };
    return cases;
}

Cases file_cases(const Sampler& model, const std::vector<std::string>& paths, int most) {
    std::vector<std::string> files;
    for (const auto& path : paths) std::ranges::move(files_of(path), std::back_inserter(files));
    if (std::ssize(files) > most) files.resize(static_cast<std::size_t>(most));
    std::vector<Case> list;
    for (const auto& file : files) {
        const auto seed = Rng::at(1, list.size()).next();
        list.push_back({.name = fs::path(file).filename().string(),
                        .x = read_condition(task_settings(model.spec().data), model.classes(), file, ""),
                        .seed = seed});
    }
    const auto title = list.size() == 1 ? list.front().name : fmt::format("{} files", list.size());
    auto cases = listed_cases(model, std::move(list), title);
    for (const auto& path : paths) cases.arguments.insert(cases.arguments.end(), {"--input", path});
    return cases;
}

Cases single_case(const Sampler& model, Case condition) {
    const auto title = condition.name;
    const auto* world = model.task() == Task::labels ? model.world() : nullptr;
    const bool known = world && world->paintable();
    if (known) add_truth(condition, *world);
    auto cases = listed_cases(model, {std::move(condition)}, title);
    if (known) cases.world = world;
    cases.drawn = true;
    return cases;
}

std::vector<std::string> write_drawn(const Cases& cases, const std::string& base) {
    const auto x = cases.at(0).x;
    const auto input = base + "-input.png", mask = base + "-mask.png";
    const bool labels = cases.settings.task == Task::labels;
    write_image(input, labels ? colour_labels(cases.classes, x.labels) : x.picture);
    if (cases.settings.task != Task::inpainting) return {"--drawing", input};
    auto hole = x.mask;
    for (auto& pixel : hole.data) pixel = pixel ? 255 : 0;
    write_image(mask, hole);
    return {"--drawing", input, "--mask", mask};
}

Cases own_cases(const Sampler& model) {
    const auto& spec = model.spec();
    if (const auto* world = model.world()) return world_cases(*world, task_settings(spec.data));
    auto cases = folder_cases(spec.data, static_cast<std::uint64_t>(spec.training.seed));
    cases.arguments.clear();
    return cases;
}

bool takes_same_conditions(const Sampler& a, const Sampler& b) {
    return a.task() == b.task() && a.size() == b.size() && a.classes() == b.classes() &&
           a.spec().data.scale == b.spec().data.scale;
}

}  // namespace modescope
