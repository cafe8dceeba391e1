#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/base/random.h"
#include "core/tasks/palette.h"

namespace modescope {

/// What a generator is asked: the form of x.
enum class Task { labels, picture, super_resolution, inpainting };

struct TaskInfo {
    Task task;
    std::string id;    ///< as in data.task: "super-resolution"
    std::string name;  ///< as shown
    std::string help;  ///< one sentence
};

std::span<const TaskInfo> tasks();
const TaskInfo& info(Task task);
/// Throws Error naming the known ones.
Task find_task(const std::string& id);

/// The x of one pair. Which members are set depends on the task.
struct Condition {
    LabelMap labels;  ///< labels: the class of each pixel, of the target's size
    Image picture;    ///< picture: of the target's size; super_resolution: of the target's size / scale;
                      ///< inpainting: of the target's size, what lies in the hole is not looked at
    LabelMap mask;    ///< inpainting: 1 in the hole, 0 where the picture is known

    bool operator==(const Condition&) const = default;
};

/// One training pair.
struct Pair {
    Condition x;
    Image y;
};

/// Independent sequences of pairs: D's and G's, the predictor's, and two that no training sees.
enum class Split { train, predictor, validation, held_out };

/// Where a split's random sequence starts; pair i is drawn from Rng::at(stream, i).
std::uint64_t stream_of(std::uint64_t seed, Split split);

/// An endless, random-access sequence of pairs: pair i of a split is always the same, so that all
/// configurations of a seed see the same batches and a checkpoint only needs the position.
/// Every method may be called from any thread.
class PairSource {
public:
    virtual ~PairSource() = default;
    /// Throws Error naming the file that cannot be read and what is wrong with it.
    virtual Pair pair(Split split, std::int64_t index) const = 0;
};

/// How the holes of inpainting are drawn, in pixels: a rectangle of sides least … most within a square
/// `box` that lies anywhere in the picture (paper: 48 … 64 within 64 of 128).
struct HoleRange {
    int least = 0, most = 0, box = 0;
    int margin = 0;  ///< least distance of the box from the picture's edges
    bool operator==(const HoleRange&) const = default;
};
LabelMap draw_hole(int size, const HoleRange& range, Rng& rng);
/// A rectangular hole; what lies outside the picture is left out.
LabelMap draw_hole(int size, int left, int top, int width, int height);

/// A task and its numbers, in pixels.
struct TaskSettings {
    Task task = Task::labels;
    int size = 64;    ///< side of the target
    int scale = 4;    ///< super_resolution: the condition's side is size / scale
    HoleRange holes;  ///< inpainting
    bool operator==(const TaskSettings&) const = default;
};

/// x of a target in the tasks that derive it from the target (super-resolution, inpainting).
Condition derive_condition(Task task, const Image& y, int scale, LabelMap mask);

/// Mean of each `factor` × `factor` box; width and height must be multiples of it.
Image shrink(const Image& picture, int factor);

/// The condition as people see it: label maps in the classes' colours, small pictures with their
/// pixels enlarged to `size`, holes filled with grey.
Image picture_of(const Condition& condition, Task task, const Palette& classes, int size);

}  // namespace modescope
