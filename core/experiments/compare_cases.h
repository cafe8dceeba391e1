#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/metrics/world_score.h"
#include "core/sampling/sampler.h"

namespace modescope {

/// One condition on which models are compared.
struct Case {
    std::string name;  ///< as shown: "input 12", "street.png"
    Condition x;
    std::optional<Image> target;            ///< one of the true pictures, where there is one
    std::uint64_t seed = 1;                 ///< of the noise of the first sample
    std::shared_ptr<const HeldOut> source;  ///< in a world: what is known of it
};

/// Conditions to compare on, in a fixed order. Calls may come from any thread.
struct Cases {
    std::string id;                ///< the same for the same conditions, in every session; empty: unknown
    std::string title;             ///< as shown: "Street, labels, 64 × 64"
    int count = 0;                 ///< how many there are; worlds have as many as one wants
    const World* world = nullptr;  ///< whose truth is known; null: nothing is
    TaskSettings settings;
    Palette classes;                    ///< of label maps
    std::function<Case(int index)> at;  ///< throws Error as the source does
    /// Of `modescope compare`, which then has the same conditions: "--input", "a.png". Empty: its own data.
    std::vector<std::string> arguments;
    bool drawn = false;  ///< one condition of a person, which no argument names before it is in a file
};

/// Those that `modescope evaluate` measures on, with the same noise. Throws Error if the world does not
/// serve the task.
Cases world_cases(const World& world, const TaskSettings& settings);
/// The held-out pairs of a folder, each once, as of the model's training but perhaps of another folder of
/// that kind. Throws Error as open_folder() does.
Cases folder_cases(const DataSpec& data, std::uint64_t seed);
/// Pictures of files, or all those in a folder, sorted by name, read as `model` takes them; no truth and no
/// target. Only the first `most` are read. Throws Error naming the file that cannot be used.
Cases file_cases(const Sampler& model, const std::vector<std::string>& paths,
                 int most = std::numeric_limits<int>::max());
/// One condition that a person made. Of a label map that the model's world can render the truth is known.
Cases single_case(const Sampler& model, Case condition);
/// Writes the only condition of a person as pictures whose names begin with `base`; returns the arguments
/// that read it again. Throws Error as write_image() does.
std::vector<std::string> write_drawn(const Cases& cases, const std::string& base);
/// Of the data that the model was trained on.
Cases own_cases(const Sampler& model);

/// Whether two models can be compared on the same conditions: task, sizes, and classes of label maps.
bool takes_same_conditions(const Sampler& a, const Sampler& b);

}  // namespace modescope
