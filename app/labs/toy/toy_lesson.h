#pragma once

#include <QFrame>
#include <QString>
#include <optional>
#include <vector>

#include "core/objective/objective.h"
#include "core/training/run_types.h"
#include "widgets/toy_paint.h"

class QLabel;
class QTimer;
class QToolButton;

namespace modescope {

/// One numbered sentence of a training step, the layers that it speaks of, and the part of the step it tells.
struct LessonStage {
    QString text;
    ToyLayers layers;
    std::optional<StepKind> step;
};
/// What happens in one step of a configuration, in order; a stage for each thing that its loss has. The part
/// of D or of G alone tells that alone; where there is no D, its part says so and makes no step.
std::vector<LessonStage> lesson_of(const Objective& objective, std::int64_t batch, StepKind kind);

/// The card that tells one training step in slow motion. The owner shows the stage's layers and makes its
/// steps. Hidden until begin(). GUI thread only.
class ToyLesson : public QFrame {
    Q_OBJECT

public:
    /// Time a stage stays by itself.
    static constexpr int stage_ms = 7000;

    explicit ToyLesson(QWidget* parent = nullptr);

    void begin(std::vector<LessonStage> stages);
    /// To the next stage at once; ends after the last.
    void advance();
    void end();
    /// Adds a sentence to the stage shown, such as what its step did; one for each stage.
    void add_note(const QString& note);
    /// The step that the stage shown made; nothing if it made none.
    std::optional<StepKind> step() const;
    /// The layers of the stage shown; nothing while there is none.
    std::optional<ToyLayers> layers() const;

signals:
    void step_due(StepKind kind);
    void ended();

private:
    void show_stage();

    std::vector<LessonStage> stages_;
    std::size_t current_ = 0;
    bool noted_ = false;
    QLabel* text_;
    QToolButton* next_;
    QTimer* timer_;
};

}  // namespace modescope
