#include "core/training/run_directory.h"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>
#include <utility>

#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/picture_file.h"
#include "core/base/variance.h"
#include "core/folders/folder.h"
#include "core/training/data.h"
#include "core/training/run_record.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;

constexpr char checkpoint_name[] = "checkpoint.safetensors", spec_name[] = "spec.json";
constexpr int grid_conditions = 6, grid_samples = 8;
/// Steps between two rows of the log file; every row is in memory.
constexpr std::int64_t log_every = 10;

std::string inside(const std::string& directory, const char* name) {
    return (fs::path(directory) / name).string();
}

void make_folder(const std::string& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) throw Error(fmt::format("Cannot make the folder {}: {}.", path, error.message()));
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool is_empty(const std::string& path) {
    std::error_code ignored;
    return !exists(path) || fs::is_empty(path, ignored);
}

void require_run(const std::string& directory) {
    if (!exists(inside(directory, checkpoint_name)) && !exists(inside(directory, spec_name)))
        throw Error(fmt::format("{} holds neither {} nor {}, so there is no run to resume.", directory,
                                checkpoint_name, spec_name));
}

/// What a killed process had begun to write.
void remove_unfinished(const std::string& folder) {
    std::error_code ignored;
    std::vector<fs::path> unfinished;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".part") unfinished.push_back(entry.path());
    for (const auto& path : unfinished) fs::remove(path, ignored);
}

/// Of a RunStart, as constant as that is.
auto& spec_of(auto& start) {
    auto* checkpoint = std::get_if<Checkpoint>(&start);
    return checkpoint ? checkpoint->spec : std::get<Spec>(start);
}

}  // namespace

Spec spec_of_run(const std::string& directory) {
    const auto spec = inside(directory, spec_name);
    try {
        return spec_from_json(read_json(read_file(spec)));
    } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", spec, error.what()));
    }
}

RunStart resume_point(const std::string& directory, const std::string& moved_data) {
    require_run(directory);
    const auto checkpoint = inside(directory, checkpoint_name);
    RunStart start;
    if (exists(checkpoint))
        start = read_checkpoint(checkpoint);
    else
        start = spec_of_run(directory);
    if (!moved_data.empty()) move_folder(spec_of(start), moved_data);
    return start;
}

RunDirectory::RunDirectory(const std::string& path, const RunStart& start, bool resume,
                           std::unique_ptr<FolderLock> lock)
    : path_(path), lock_(std::move(lock)) {
    const auto& training = spec_of(start).training;
    last_step_ = {training.steps, training.predictor_steps};
    if (resume) require_run(path);
    if (!resume && !is_empty(path))
        throw Error(fmt::format("{} is not empty; choose a new folder or resume it.", path));
    make_folder(path);
    if (!lock_) lock_ = std::make_unique<FolderLock>(path);
    remove_unfinished(path);
    remove_unfinished(inside(path, "grids"));
    if (!resume) write_start(start);
    make_folder(inside(path, "grids"));
    log_.open(inside(path, "log.jsonl"), std::ios::app);
    events_ = std::make_unique<EventFile>(path);
}

/// The first thing in the folder, so that one where it fails is as empty as before. spec.json comes last:
/// alone it says that the run begins with random weights.
void RunDirectory::write_start(const RunStart& start) {
    const auto* checkpoint = std::get_if<Checkpoint>(&start);
    if (checkpoint) {
        write_checkpoint(inside(path_, checkpoint_name), *checkpoint);
        saved_ = Progress{};
    }
    try {
        write_file(inside(path_, spec_name), to_json(spec_of(start)).dump(4) + "\n");
    } catch (const Error&) {
        std::error_code ignored;
        fs::remove(inside(path_, checkpoint_name), ignored);
        throw;
    }
}

void RunDirectory::forget_after(const Progress& progress) {
    if (exists(inside(path_, checkpoint_name))) saved_ = progress;
    std::string kept, line;
    const auto file = inside(path_, "log.jsonl");
    std::istringstream old(exists(file) ? read_file(file) : std::string());
    while (std::getline(old, line)) {
        const auto row = read_json(line);
        if (!row.is_object()) continue;  // cut off in the middle of a write
        const auto step = row.value("step", nlohmann::json()), phase = row.value("phase", nlohmann::json());
        const auto last = phase == "predictor" ? progress.predictor_step : progress.step;
        if (!step.is_number_integer() || step > last) continue;
        kept += line + '\n';
        if (row.contains(spread_of_samples)) measured_at_ = step;
        if (row.contains(spread_of_prediction)) predicted_at_ = step;
    }
    log_.close();
    write_file(file, kept);
    log_.open(file, std::ios::app);
}

void RunDirectory::log(LogRow row) {
    auto& newest = unlogged_[row.predictor];
    for (const auto& [name, value] : row.values) newest[name] = value;
    // The last one too: from the log alone it is known that a training is over.
    if (row.step % log_every != 0 && row.step != last_step_[row.predictor]) return;
    // D may train in none of the steps that are logged.
    row.values.assign(newest.begin(), newest.end());
    newest.clear();
    write([&] {
        write_log(row, row.predictor ? "predictor" : "generator");
        for (const auto& [name, value] : row.values) events_->add_scalar("loss/" + name, row.step, value);
        events_->add_scalar("time/ms per step", row.step, row.ms);
    });
}

void RunDirectory::log_grid(const LogRow& row) {
    if (row.step == std::exchange(row.predictor ? predicted_at_ : measured_at_, row.step)) return;
    write([&] {
        const char* phase = row.predictor ? "predictor" : "samples";
        write_log(row, phase);
        for (const auto& [name, value] : row.values)
            events_->add_scalar(fmt::format("{}/{}", phase, name), row.step, value);
    });
}

void RunDirectory::write(const std::function<void()>& rows) {
    try {
        rows();
        events_->flush();
        problem_.clear();
    } catch (const Error& error) {
        problem_ = error.what();
    }
}

void RunDirectory::write_log(const LogRow& row, const char* phase) {
    nlohmann::json json{{"step", row.step}, {"phase", phase}, {"ms", row.ms}};
    for (const auto& [name, value] : row.values) json[name] = value;
    std::error_code ignored;
    const auto whole = fs::file_size(inside(path_, "log.jsonl"), ignored);
    log_ << json.dump() << '\n' << std::flush;
    if (log_) return;
    // The next row must not follow half of this one.
    log_.close();
    fs::resize_file(inside(path_, "log.jsonl"), whole, ignored);
    log_.clear();
    log_.open(inside(path_, "log.jsonl"), std::ios::app);
    throw Error(fmt::format("Cannot write {}: free some space.", inside(path_, "log.jsonl")));
}

void RunDirectory::save(const Trainer& trainer) {
    write_checkpoint(inside(path_, checkpoint_name), trainer.checkpoint());
    saved_ = trainer.progress();
    write_checkpoint(inside(path_, "model.safetensors"), trainer.inference_checkpoint(true));
}

LogRow RunDirectory::show(Trainer& trainer) {
    const auto progress = trainer.progress();
    LogRow row{.step = progress.predictor_ready ? progress.step : progress.predictor_step,
               .predictor = !progress.predictor_ready};
    if (trainer.spec().data.source == "toy") return row;
    if (!pairs_) pairs_ = open_pairs(trainer.spec());
    const auto grid = row.predictor ? draw_predictions(trainer) : draw_samples(trainer);
    const auto name = fmt::format("{}{:07}.png", row.predictor ? predictor_grid : "", row.step);
    write_image((fs::path(path_) / "grids" / name).string(), grid.picture);
    events_->add_image(row.predictor ? "predictor" : "samples", row.step, grid.picture);
    row.values.emplace_back(row.predictor ? spread_of_prediction : spread_of_samples, grid.deviation);
    log_grid(row);
    return row;
}

/// Each row: the condition, one truth, samples with noise that is the same at every step.
RunDirectory::Grid RunDirectory::draw_samples(Trainer& trainer) const {
    torch::NoGradGuard no_grad;
    auto random = at::detail::createCPUGenerator(1);
    auto& generator = trainer.averaged_generator();
    std::vector<Image> pictures;
    Grid grid;
    for (int i = 0; i < grid_conditions; ++i) {
        const auto x = show_pair(trainer.spec().data, i, pictures).to(trainer.device());
        const auto samples =
            generator.forward(x, generator.draw_noise(grid_samples, random, trainer.device())).cpu();
        // From [−1, 1] to [0, 1].
        grid.deviation += variance_over(0, samples).sqrt().mean().item<double>() / 2 / grid_conditions;
        for (const auto& sample : samples.unbind(0)) pictures.push_back(to_image(sample));
    }
    grid.picture = contact_sheet(pictures, grid_samples + 2, 2);
    return grid;
}

/// Twice in each row: the condition, one truth, μ̂ and σ̂, white where it is as large as it can be.
RunDirectory::Grid RunDirectory::draw_predictions(Trainer& trainer) const {
    std::vector<Image> pictures;
    Grid grid;
    for (int i = 0; i < grid_conditions; ++i) {
        const auto x = show_pair(trainer.spec().data, i, pictures).to(trainer.device());
        const auto predicted = trainer.preview_prediction(x);
        const auto deviation = predicted_deviation(predicted, trainer.spec().objective).cpu().squeeze(0);
        grid.deviation += deviation.mean().item<double>() / 2 / grid_conditions;
        pictures.push_back(to_image(predicted.centre.cpu().squeeze(0)));
        pictures.push_back(to_image(2 * deviation - 1));
    }
    grid.picture = contact_sheet(pictures, 8, 2);
    return grid;
}

/// Adds a held-out condition and its truth to the pictures; the condition as networks take it.
torch::Tensor RunDirectory::show_pair(const DataSpec& data, int index, std::vector<Image>& pictures) const {
    const auto task = find_task(data.task);
    const auto classes = classes_of(data);
    const auto pair = pairs_->pair(Split::held_out, index);
    pictures.push_back(picture_of(pair.x, task, classes, static_cast<int>(data.size)));
    pictures.push_back(pair.y);
    return to_tensor(pair.x, task, static_cast<std::int64_t>(classes.size()));
}

}  // namespace modescope
