#include "app/labs/paint/paint_board.h"

#include <QRandomGenerator>
#include <algorithm>
#include <utility>

#include "app/labs/tile_engine.h"

namespace modescope {
namespace {

constexpr int first_size = 64;  // pixels of the drawing while no model is open
constexpr std::size_t most_classes = 256;

Palette mask_classes() {
    return {{"known", PaintBoard::tr("Known").toStdString(), {230, 230, 230}},
            {"hole", PaintBoard::tr("Hole").toStdString(), {128, 128, 128}}};
}

Palette picture_classes() { return {{"photo", PaintBoard::tr("Photo").toStdString(), {128, 128, 128}}}; }

LabelClass colour_class(const QColor& colour) {
    const auto name = colour.name().toStdString();
    const auto part = [](int value) { return static_cast<std::uint8_t>(value); };
    return {name, name, {part(colour.red()), part(colour.green()), part(colour.blue())}};
}

/// A few colours to begin with: dark, light, skin, and those of hair and clothes.
Palette colour_classes() {
    const std::pair<const char*, QString> colours[]{
        {"#202020", PaintBoard::tr("Black")}, {"#f0f0f0", PaintBoard::tr("White")},
        {"#e0ac86", PaintBoard::tr("Skin")},  {"#8d5a3b", PaintBoard::tr("Brown")},
        {"#c0392b", PaintBoard::tr("Red")},   {"#e9c46a", PaintBoard::tr("Yellow")},
        {"#3a7d44", PaintBoard::tr("Green")}, {"#2f6db5", PaintBoard::tr("Blue")}};
    Palette classes = picture_classes();
    for (const auto& [colour, name] : colours) {
        classes.push_back(colour_class(QColor(colour)));
        classes.back().name = name.toStdString();
    }
    return classes;
}

Palette classes_of(Task task, const Palette& labels) {
    if (task == Task::labels) return labels;
    if (task == Task::inpainting) return mask_classes();
    return task == Task::super_resolution ? colour_classes() : picture_classes();
}

/// A light to dark grey until there is a photo.
QImage empty_photo() {
    QImage picture(first_size, first_size, QImage::Format_RGB32);
    for (int y = 0; y < first_size; ++y)
        for (int x = 0; x < first_size; ++x) picture.setPixel(x, y, QColor::fromHsv(0, 0, 90 + y).rgb());
    return picture;
}

LabelMap centred_hole(const TaskSettings& settings) {
    const int side = (settings.holes.least + settings.holes.most) / 2;
    return draw_hole(settings.size, (settings.size - side) / 2, (settings.size - side) / 2, side, side);
}

std::uint64_t fresh_seed() { return QRandomGenerator::global()->generate64(); }
Rng fresh_rng() { return Rng(fresh_seed()); }

bool is_square(int width, int height, int side) { return width == side && height == side; }

}  // namespace

Image to_image(const QImage& picture) {
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB888);
    Image image(rgb.width(), rgb.height(), 3);
    for (int y = 0; y < rgb.height(); ++y)
        std::copy_n(rgb.constScanLine(y), 3 * rgb.width(),
                    image.data.begin() + std::ptrdiff_t{3} * y * rgb.width());
    return image;
}

PaintBoard::PaintBoard(LabelCanvas* canvas) : QObject(canvas), canvas_(canvas), world_(worlds().front()) {
    set_classes(world_->classes());
    auto rng = fresh_rng();
    canvas_->set_labels(world_->layout(first_size, rng).labels);
    connect(canvas_, &LabelCanvas::labels_changed, this, &PaintBoard::changed);
    connect(canvas_, &LabelCanvas::photo_dragged, this, &PaintBoard::drag);
    connect(canvas_, &LabelCanvas::photo_scaled, this, &PaintBoard::scale);
    connect(canvas_, &LabelCanvas::photo_released, this, &PaintBoard::let_go);
    connect(canvas_, &LabelCanvas::backdrop_picked, this, [this](QPoint pixel) {
        if (task() != Task::super_resolution) return canvas_->set_class(0);
        const Image picture = small_picture();
        const auto part = [&](int channel) { return picture.at(pixel.x(), pixel.y(), channel); };
        use_colour(QColor(part(0), part(1), part(2)));
    });
}

// --- The model ---

int PaintBoard::canvas_size() const {
    return task() == Task::super_resolution ? settings_.size / settings_.scale : settings_.size;
}

void PaintBoard::set_classes(const Palette& classes) {
    classes_ = classes;
    canvas_->set_classes(classes);
    emit classes_changed();
}

bool PaintBoard::fits(const Sampler& model) const {
    const Task next = task_settings(model.spec().data).task;
    if (next != task()) return false;
    if (has_photo()) return !model.world() || model.world() == world_;
    return classes_of(next, model.classes()) == classes_;
}

void PaintBoard::set_model(const Sampler& model) {
    const bool unsaved = fits(model) && !canvas_->undo_stack()->isClean();
    const Task old = task();
    const World* old_world = std::exchange(world_, model.world());
    const auto old_settings = std::exchange(settings_, task_settings(model.spec().data));
    const bool same_sizes = old_settings.size == settings_.size && old_settings.scale == settings_.scale;
    const auto classes = classes_of(task(), model.classes());
    const bool same = old == task() && (has_photo() || classes == classes_);
    if (same && canvas_->labels().width == canvas_size() &&
        (!has_photo() || (same_sizes && world_ == old_world)))
        return;
    if (!same) set_classes(classes);
    if (!same) canvas_->set_tool(task() == Task::picture ? PaintTool::Photo : PaintTool::Brush);
    canvas_->set_clear_class(has_photo() ? 0 : -1);
    if (!has_photo()) canvas_->set_backdrop({});
    if (world_ != old_world) example_.reset();
    if (has_photo() && frame_.empty()) frame_ = PhotoFrame(empty_photo());
    if (has_photo()) picture_ = to_image(frame_.render(settings_.size));
    canvas_->set_labels(first_labels(same));
    if (has_photo()) show_first_photo(same, world_ != old_world);
    if (unsaved) canvas_->undo_stack()->resetClean();
}

void PaintBoard::show_first_photo(bool same, bool other_world) {
    if (!same) canvas_->set_class(std::min(1, static_cast<int>(classes_.size()) - 1));
    if (world_ && (!same || other_world)) random_example();
    canvas_->undo_stack()->clear();
    show_photo();
}

/// What lies on the canvas at first; of the world if there is one.
LabelMap PaintBoard::first_labels(bool same_classes) {
    if (same_classes) return resized(canvas_->labels(), canvas_size());
    if (task() == Task::inpainting) return centred_hole(settings_);
    if (task() != Task::labels || !world_) return {canvas_size(), canvas_size()};
    auto rng = fresh_rng();
    return world_->layout(settings_.size, rng).labels;
}

// --- Conditions ---

Image PaintBoard::small_picture() const { return shrink(picture_, settings_.scale); }

Condition PaintBoard::condition() const {
    const LabelMap& labels = canvas_->labels();
    if (task() == Task::labels) return {.labels = labels};
    if (task() == Task::picture) return {.picture = picture_};
    if (task() == Task::inpainting) return derive_condition(task(), picture_, settings_.scale, labels);
    Image picture = small_picture();
    for (std::size_t pixel = 0; pixel < labels.data.size(); ++pixel)
        if (const auto label = labels.data[pixel])
            std::ranges::copy(classes_[label].colour, picture.data.begin() + 3 * pixel);
    return {.picture = std::move(picture)};
}

std::optional<Example> PaintBoard::example() const {
    if (!example_ || picture_ != example_->example.pair.y) return {};
    Example example = example_->example;
    if (task() == Task::inpainting) example.pair.x = condition();
    return example;
}

std::optional<std::uint64_t> PaintBoard::example_seed() const {
    if (!example_ || picture_ != example_->example.pair.y) return {};
    return example_->seed;
}

bool PaintBoard::fits(const Condition& condition) const {
    const auto& [labels, picture, mask] = condition;
    if (task() == Task::labels)
        return is_square(labels.width, labels.height, settings_.size) &&
               std::ranges::all_of(labels.data, [this](auto label) { return label < classes_.size(); });
    if (task() == Task::inpainting && !is_square(mask.width, mask.height, settings_.size)) return false;
    return is_square(picture.width, picture.height, canvas_size()) &&
           std::ranges::all_of(mask.data, [](auto value) { return value < 2; });
}

bool PaintBoard::set_condition(const Condition& condition, std::optional<std::uint64_t> example_seed,
                               const Image& whole) {
    if (!fits(condition)) return false;
    if (task() == Task::labels) {
        canvas_->replace_labels(condition.labels, tr("Open"));
        return true;
    }
    const LabelMap clear(canvas_size(), canvas_size());
    const LabelMap& mask = task() == Task::inpainting ? condition.mask : clear;
    if (const auto known = example_seed && world_ ? world_example(*example_seed) : nullptr) {
        const Image& photo = known->example.pair.y;
        if (derive_condition(task(), photo, settings_.scale, condition.mask) == condition) {
            change(tr("Open"), {PhotoFrame(to_qimage(photo)), mask, known});
            return true;
        }
    }
    if (is_square(whole.width, whole.height, settings_.size) &&
        derive_condition(task(), whole, settings_.scale, condition.mask) == condition) {
        change(tr("Open"), {PhotoFrame(to_qimage(whole)), mask});
        return true;
    }
    // The small pixels as a photo of the target's size: shrinking it gives them back.
    QImage photo = to_qimage(condition.picture);
    if (task() == Task::super_resolution) photo = photo.scaled(settings_.size, settings_.size);
    change(tr("Open"), {PhotoFrame(photo), mask});
    return true;
}

void PaintBoard::random_example() {
    put_example(fresh_seed(), has_photo() ? tr("Random example") : tr("Random layout"));
}

void PaintBoard::show_example(std::uint64_t seed) {
    put_example(seed, has_photo() ? tr("Example") : tr("Layout"));
}

std::shared_ptr<const PaintBoard::WorldExample> PaintBoard::world_example(std::uint64_t seed) const {
    Rng rng(seed);
    return std::make_shared<const WorldExample>(WorldExample{seed, draw_example(*world_, settings_, rng)});
}

void PaintBoard::put_example(std::uint64_t seed, const QString& text) {
    if (!world_) return;
    if (task() == Task::labels) {
        Rng rng(seed);
        return canvas_->replace_labels(world_->layout(canvas_->labels().width, rng).labels, text);
    }
    const auto known = world_example(seed);
    const auto& [x, y] = known->example.pair;
    const LabelMap clear(canvas_size(), canvas_size());
    change(text, {PhotoFrame(to_qimage(y)), task() == Task::inpainting ? x.mask : clear, known});
}

std::function<QImage(std::uint64_t seed)> PaintBoard::previewer() const {
    return [world = world_, settings = settings_, classes = classes_, size = canvas_->labels().width,
            task = task()](std::uint64_t seed) {
        Rng rng(seed);
        if (task == Task::labels) return to_qimage(colour_labels(classes, world->layout(size, rng).labels));
        const Example example = draw_example(*world, settings, rng);
        if (task != Task::inpainting) return to_qimage(example.pair.y);
        return to_qimage(picture_of(example.pair.x, task, classes, settings.size));
    };
}

void PaintBoard::clear() {
    canvas_->replace_labels({canvas_->labels().width, canvas_->labels().height}, tr("Empty"));
}

QImage PaintBoard::empty_preview() const { return to_qimage(colour_labels(classes_, LabelMap(1, 1))); }

// --- The photo ---

void PaintBoard::set_photo(const QImage& photo) {
    if (has_photo()) change(tr("Photo"), {PhotoFrame(photo), canvas_->labels()});
}

void PaintBoard::turn_photo(int quarters) {
    if (!has_photo()) return;
    State after = state();
    after.frame.turn(quarters);
    change(tr("Rotate the photo"), std::move(after));
}

void PaintBoard::drag(QPointF by) {
    if (!has_photo()) return;
    if (!before_) before_ = state();
    frame_.move(by / canvas_size());
    show_photo();
}

void PaintBoard::scale(double factor, QPointF around) {
    if (!has_photo()) return;
    if (!before_) before_ = state();
    frame_.scale(factor, around / canvas_size());
    show_photo();
}

void PaintBoard::let_go() {
    if (!before_) return;
    const State after = state();
    frame_ = std::exchange(before_, {})->frame;
    if (after.frame == frame_) return;
    change(tr("Place the photo"), after);
}

void PaintBoard::change(const QString& text, State after) {
    const State before = state();
    // Two frames on one photo keep it once, and who brought the one before has counted it.
    const auto bytes = after.frame.bytes_beside(before.frame) + 2 * before.labels.data.size();
    show(after);
    canvas_->push({text, [this, before] { show(before); }, [this, after] { show(after); }, bytes});
}

void PaintBoard::show(const State& state) {
    frame_ = state.frame;
    example_ = state.example;
    canvas_->show_labels(state.labels);
    show_photo();
}

void PaintBoard::show_photo() {
    picture_ = to_image(frame_.render(settings_.size));
    canvas_->set_backdrop(to_qimage(task() == Task::super_resolution ? small_picture() : picture_));
    emit changed();
}

void PaintBoard::use_colour(const QColor& colour) {
    if (task() != Task::super_resolution) return;
    const auto added = colour_class(colour);
    auto found = std::ranges::find(classes_, added.colour, &LabelClass::colour);
    if (found == classes_.begin())
        found = std::ranges::find(found + 1, classes_.end(), added.colour, &LabelClass::colour);
    const auto index = found - classes_.begin();
    if (found == classes_.end()) {
        if (classes_.size() == most_classes) return;
        Palette more = classes_;
        more.push_back(added);
        set_classes(more);
    }
    canvas_->set_class(static_cast<int>(index));
}

}  // namespace modescope
