#include "core/training/run_directory.h"

#include <fmt/format.h>

#include <filesystem>

#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/worlds/world.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;

constexpr int grid_conditions = 6, grid_samples = 8;
/// Steps between two rows of the log file; every row is in memory.
constexpr std::int64_t log_every = 10;

std::string inside(const std::string& directory, const char* name) {
    return (fs::path(directory) / name).string();
}

void make_directory(const std::string& path) {
    std::error_code error;
    fs::create_directories(fs::path(path) / "grids", error);
    if (error) throw Error(fmt::format("Cannot make the folder {}: {}.", path, error.message()));
}

}  // namespace

RunDirectory::RunDirectory(const std::string& path, const Spec& spec, bool resume) : path_(path) {
    if (resume && !fs::exists(inside(path, "checkpoint.safetensors")))
        throw Error(fmt::format("{} holds no checkpoint.safetensors to resume from.", path));
    if (!resume && fs::exists(path) && !fs::is_empty(path))
        throw Error(fmt::format("{} is not empty; choose a new folder or resume it.", path));
    make_directory(path);
    if (!resume) write_file(inside(path, "spec.json"), to_json(spec).dump(4) + "\n");
    log_.open(inside(path, "log.jsonl"), std::ios::app);
}

Checkpoint RunDirectory::last_checkpoint() const {
    return read_checkpoint(inside(path_, "checkpoint.safetensors"));
}

void RunDirectory::log(const LogRow& row) {
    if (row.step % log_every != 0) return;
    nlohmann::json json{
        {"step", row.step}, {"phase", row.predictor ? "predictor" : "generator"}, {"ms", row.ms}};
    for (const auto& [name, value] : row.values) json[name] = value;
    log_ << json.dump() << '\n' << std::flush;
}

void RunDirectory::save(Trainer& trainer) {
    write_checkpoint(inside(path_, "checkpoint.safetensors"), trainer.checkpoint());
    write_checkpoint(inside(path_, "model.safetensors"), trainer.inference_checkpoint(true));
    if (trainer.spec().data.source != "toy") write_grid(trainer);
}

/// Each row: the condition, one truth, samples with noise that is the same at every step.
void RunDirectory::write_grid(Trainer& trainer) const {
    torch::NoGradGuard no_grad;
    auto random = at::detail::createCPUGenerator(1);
    auto& generator = trainer.averaged_generator();
    const auto batch = trainer.data().batch(Split::held_out, 0, grid_conditions);
    const auto noise = generator.draw_noise(grid_conditions * grid_samples, random);
    const auto samples = generator.forward(batch.x, noise);
    const auto& world = find_world(trainer.spec().data.source);
    std::vector<Image> pictures;
    for (int i = 0; i < grid_conditions; ++i) {
        pictures.push_back(colour_labels(world, to_labels(batch.x[i])));
        pictures.push_back(to_image(batch.y[i]));
        for (int k = 0; k < grid_samples; ++k) pictures.push_back(to_image(samples[i * grid_samples + k]));
    }
    const auto name = fmt::format("grids/{:07}.png", trainer.progress().step);
    write_image(inside(path_, name.c_str()), contact_sheet(pictures, grid_samples + 2, 2));
}

}  // namespace modescope
