#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "core/training/spec.h"
#include "core/training/toy_view.h"

class QWidget;

namespace modescope {

class SliceChart;
class ToyBoard;

/// The scores of one configuration over its steps.
struct ToyHistory {
    QString label;
    std::vector<std::int64_t> steps;
    std::vector<ToyScore> scores;
};

/// Write what is shown; the suffix (png, svg) chooses the format. Throw Error naming the file.
void save_board(const ToyBoard& board, const QString& path);
void save_slice(const SliceChart& chart, const QString& path);

/// Columns configuration, step, w1, minor_mode, valid, noise, bias2, variance. Throws Error naming the file.
void save_scores(const std::vector<ToyHistory>& histories, const QString& path);

/// The line that trains the same without a window: what differs from the preset, with `--set`.
QString command_line(const Spec& spec);

}  // namespace modescope
