#pragma once

#include <QImage>
#include <QObject>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/sampling/sampler.h"
#include "core/worlds/world.h"
#include "widgets/label_canvas.h"
#include "widgets/photo_frame.h"

namespace modescope {

/// What lies on the canvas for a model's task, and the condition that follows from it. Labels are painted
/// as they are; a mask is a map of the classes Known and Hole over a photo; the small pixels of
/// super-resolution are painted with colours over those of a photo. Photos are placed with the canvas's
/// photo tool. Every change is one step of the canvas's undo stack.
class PaintBoard : public QObject {
    Q_OBJECT
public:
    explicit PaintBoard(LabelCanvas* canvas);

    Task task() const { return settings_.task; }
    bool has_photo() const { return task() != Task::labels; }
    /// What can be painted: the model's classes, Known and Hole, or the photo and the colours in use.
    const Palette& classes() const { return classes_; }
    bool has_random() const { return world_ != nullptr; }

    /// Clears the undo stack, unless nothing changes. A drawing that fits is kept, scaled; if it was unsaved
    /// it still is.
    void set_model(const Sampler& model);
    /// Whether set_model() would keep the drawing.
    bool fits(const Sampler& model) const;
    Condition condition() const;
    /// What lies in the frame, of the model's size; not for label maps.
    const Image& photo() const { return picture_; }
    /// What the condition was made from, while that is known: the world's example whose photo lies untouched
    /// in the frame, whatever hole is painted on it. What lies outside the hole stays as it is.
    std::optional<Example> example() const;
    /// The seed that show_example() draws that example from.
    std::optional<std::uint64_t> example_seed() const;
    /// False, and nothing happens, if it is not of the model's task, size or classes. Where it is what the
    /// example of the seed looks like, what was made from that example is known again; where it is made of
    /// `whole`, that comes back under its holes and behind its small pixels.
    bool set_condition(const Condition& condition, std::optional<std::uint64_t> example_seed = {},
                       const Image& whole = {});

    /// By the world's own rules; without a world nothing happens.
    void random_example();
    /// The example of that seed, always the same one, undoably (needs a world).
    void show_example(std::uint64_t seed);
    /// What draws a small picture of it on any thread, also when the board has another model or is gone.
    std::function<QImage(std::uint64_t seed)> previewer() const;
    /// All of the first class; only for label maps.
    bool can_be_empty() const { return task() == Task::labels; }
    void clear();
    QImage empty_preview() const;
    /// Another photo, its largest centred square in the frame; not for label maps.
    void set_photo(const QImage& photo);
    void turn_photo(int quarters);
    /// A colour to paint with (super-resolution) becomes the current class.
    void use_colour(const QColor& colour);

signals:
    void changed();  ///< condition()
    void classes_changed();

private:
    struct WorldExample {
        std::uint64_t seed;
        Example example;
    };
    struct State {
        PhotoFrame frame;
        LabelMap labels;
        std::shared_ptr<const WorldExample> example = {};  ///< null: the photo is not of the world
    };

    int canvas_size() const;
    bool fits(const Condition& condition) const;
    void set_classes(const Palette& classes);
    LabelMap first_labels(bool same_classes);
    void show_first_photo(bool same, bool other_world);
    State state() const { return {frame_, canvas_->labels(), example_}; }
    void show(const State& state);
    void change(const QString& text, State after);
    void put_example(std::uint64_t seed, const QString& text);
    std::shared_ptr<const WorldExample> world_example(std::uint64_t seed) const;
    void show_photo();
    void drag(QPointF by);
    void scale(double factor, QPointF around);
    void let_go();
    Image small_picture() const;

    LabelCanvas* canvas_;
    TaskSettings settings_;
    const World* world_;
    Palette classes_;
    PhotoFrame frame_;
    std::shared_ptr<const WorldExample> example_;  ///< that the photo shows; null: none
    Image picture_;                                ///< what lies in the frame, of the model's size
    std::optional<State> before_;                  ///< while the photo is dragged
};

Image to_image(const QImage& picture);

}  // namespace modescope
