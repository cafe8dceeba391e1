#include "core/worlds/world.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/worlds/faces.h"
#include "core/worlds/maps.h"
#include "core/worlds/street.h"

namespace modescope {
namespace {

int draw_value(const std::vector<double>& probabilities, Rng& rng) {
    double left = rng.uniform();
    const int last = static_cast<int>(probabilities.size()) - 1;
    for (int value = 0; value < last; ++value) {
        left -= probabilities[value];
        if (left < 0) return value;
    }
    return last;
}

class WorldPairs : public PairSource {
public:
    WorldPairs(const World& world, const TaskSettings& settings, std::uint64_t seed)
        : world_(world), settings_(settings), seed_(seed) {}

    Pair pair(Split split, std::int64_t index) const override {
        auto rng = Rng::at(stream_of(seed_, split), index);
        return draw_example(world_, settings_, rng).pair;
    }

private:
    const World& world_;
    TaskSettings settings_;
    std::uint64_t seed_;
};

}  // namespace

bool World::serves(Task task) const { return task == Task::labels ? paintable() : task != Task::picture; }

Style World::draw_style(Rng& rng) const {
    Style style;
    for (const Factor& factor : factors()) style.push_back(draw_value(factor.probabilities, rng));
    return style;
}

const std::vector<const World*>& worlds() {
    static const std::vector<const World*> all = {&street_world(), &maps_world(), &faces_world()};
    return all;
}

const World& find_world(const std::string& id) {
    std::vector<std::string> known;
    for (const World* world : worlds()) {
        if (world->id() == id) return *world;
        known.push_back(world->id());
    }
    throw Error(fmt::format("There is no world “{}”; choose one of: {}.", id, fmt::join(known, ", ")));
}

Factor uniform_factor(std::string id, std::string name, std::vector<std::string> values, bool everywhere) {
    std::vector<double> probabilities(values.size(), 1.0 / static_cast<double>(values.size()));
    return {std::move(id), std::move(name), std::move(values), std::move(probabilities), everywhere};
}

Example draw_example(const World& world, const TaskSettings& settings, Rng& rng) {
    Example example{.layout = world.layout(settings.size, rng)};
    example.style = world.draw_style(rng);
    auto& [x, y] = example.pair;
    y = world.render(example.layout, example.style, rng);
    if (settings.task == Task::labels) {
        x.labels = example.layout.labels;
        return example;
    }
    auto mask =
        settings.task == Task::inpainting ? draw_hole(settings.size, settings.holes, rng) : LabelMap();
    x = derive_condition(settings.task, y, settings.scale, std::move(mask));
    return example;
}

std::unique_ptr<PairSource> world_pairs(const World& world, const TaskSettings& settings,
                                        std::uint64_t seed) {
    if (!world.serves(settings.task))
        throw Error(fmt::format("The world {} has no task {}; choose another data.task.", world.id(),
                                info(settings.task).id));
    return std::make_unique<WorldPairs>(world, settings, seed);
}

LabelMap resized(const LabelMap& labels, int size) {
    LabelMap result(size, size);
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x)
            result.at(x, y) = labels.at(x * labels.width / size, y * labels.height / size);
    return result;
}

}  // namespace modescope
