#include "app/labs/paint_desk.h"

#include <QAction>
#include <QActionGroup>
#include <QLabel>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSettings>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/class_palette.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int first_size = 64;  // pixels of the drawing while no model is open
constexpr int column_margin = space::l;
constexpr QSize tool_icon_size(20, 20);

/// Of the picture that the model is asked with.
int pair_side(const Sampler& model) {
    const TaskSettings settings = task_settings(model.spec().data);
    return settings.task == Task::super_resolution ? settings.size / settings.scale : settings.size;
}

QToolButton* tool_button(QAction* action, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setProperty("tool", true);
    button->setIconSize(tool_icon_size);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    return button;
}

}  // namespace

PaintDesk::PaintDesk(QWidget* below, QWidget* parent)
    : QWidget(parent),
      world_(worlds().front()),
      classes_(world_->classes()),
      canvas_(new LabelCanvas(this)),
      palette_(new ClassPalette(this)),
      brush_(new QSlider(Qt::Horizontal, this)),
      below_(below),
      column_(new QWidget(this)) {
    auto* column = new QVBoxLayout(column_);
    column->setContentsMargins(column_margin, column_margin, space::m, space::m);
    column->setSpacing(space::m);
    column->addWidget(canvas_, 1);
    column->addWidget(palette_);
    column->addLayout(build_brush_row());
    column->addSpacing(space::m);
    column->addWidget(below_);
    column->addStretch();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(build_rail());
    layout->addWidget(column_, 1);
    connect_canvas();
    add_digit_actions();
    canvas_->set_classes(classes_);
    palette_->set_classes(classes_);
    canvas_->set_labels(draw_layout(first_size));
}

// --- Parts ---

QWidget* PaintDesk::build_rail() {
    auto* rail = new QFrame(this);
    rail->setProperty("bar", true);
    auto* layout = new QVBoxLayout(rail);
    layout->setContentsMargins(space::s, column_margin, space::s, space::m);
    layout->setSpacing(space::s);
    using Tool = LabelCanvas::Tool;
    auto* tools = new QActionGroup(this);
    for (QAction* action :
         {tool_action(Tool::Brush, tr("Brush"), "brush", Qt::Key_B,
                      tr("Paint the chosen class. Shift+click draws a straight line, right click takes the "
                         "class under the pointer.")),
          tool_action(Tool::Eraser, tr("Eraser"), "eraser", Qt::Key_E, tr("Erase back to the first class.")),
          tool_action(Tool::Fill, tr("Fill"), "fill", Qt::Key_F,
                      tr("Fill a connected region with the chosen class."))}) {
        tools->addAction(action);
        layout->addWidget(tool_button(action, rail));
    }
    layout->addStretch();
    add_undo_actions(layout);
    return rail;
}

QAction* PaintDesk::tool_action(LabelCanvas::Tool tool, const QString& name, const QString& icon_name,
                                int key, const QString& help) {
    auto* action = new QAction(icon(icon_name), name, this);
    action->setCheckable(true);
    action->setChecked(canvas_->tool() == tool);
    action->setShortcut(QKeySequence(key));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(tr("<b>%1</b> (%2)<br>%3").arg(name, QKeySequence(key).toString(), help));
    connect(action, &QAction::triggered, this, [this, tool] { canvas_->set_tool(tool); });
    connect(canvas_, &LabelCanvas::tool_changed, action,
            [action, tool](LabelCanvas::Tool now) { action->setChecked(now == tool); });
    addAction(action);
    return action;
}

void PaintDesk::add_undo_actions(QVBoxLayout* rail) {
    QUndoStack* stack = canvas_->undo_stack();
    auto* undo = new QAction(icon("undo"), tr("Undo"), this);
    auto* redo = new QAction(icon("redo"), tr("Redo"), this);
    undo->setShortcut(QKeySequence("Ctrl+Z"));
    redo->setShortcuts({QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")});
    connect(undo, &QAction::triggered, stack, &QUndoStack::undo);
    connect(redo, &QAction::triggered, stack, &QUndoStack::redo);
    connect(stack, &QUndoStack::canUndoChanged, undo, &QAction::setEnabled);
    connect(stack, &QUndoStack::canRedoChanged, redo, &QAction::setEnabled);
    connect(stack, &QUndoStack::undoTextChanged, undo,
            [undo](const QString& text) { undo->setToolTip(tr("Undo %1 (Ctrl+Z)").arg(text)); });
    connect(stack, &QUndoStack::redoTextChanged, redo,
            [redo](const QString& text) { redo->setToolTip(tr("Redo %1 (Ctrl+Shift+Z)").arg(text)); });
    for (QAction* action : {undo, redo}) {
        action->setEnabled(false);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        rail->addWidget(tool_button(action, this));
    }
}

QLayout* PaintDesk::build_brush_row() {
    auto* name = new QLabel(tr("Brush"), this);
    auto* size = new QLabel(this);
    size->setMinimumWidth(size->fontMetrics().horizontalAdvance(tr("%1 px").arg(88)));
    brush_->setRange(1, first_size / 2);
    brush_->setFocusPolicy(Qt::TabFocus);
    brush_->setMinimumWidth(48);
    brush_->setMaximumWidth(160);
    brush_->setAccessibleName(tr("Brush size"));
    brush_->setToolTip(tr("How many pixels of the drawing the brush covers ([ and ], or Ctrl+wheel)."));
    const auto show_size = [size](int pixels) { size->setText(tr("%1 px").arg(pixels)); };
    connect(brush_, &QSlider::valueChanged, canvas_, &LabelCanvas::set_brush_size);
    connect(canvas_, &LabelCanvas::brush_size_changed, brush_, &QSlider::setValue);
    connect(canvas_, &LabelCanvas::brush_size_changed, size, show_size);
    show_size(canvas_->brush_size());
    brush_->setValue(canvas_->brush_size());

    auto* random = new QAction(icon("dice"), tr("Random layout"), this);
    random->setShortcut(QKeySequence(Qt::Key_L));
    random->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(random, &QAction::triggered, this, &PaintDesk::random_layout);
    addAction(random);
    auto* button = new QPushButton(icon("dice"), random->text(), this);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(tr("Draw a new layout by the rules of the data (L). Undo brings yours back."));
    connect(button, &QPushButton::clicked, random, &QAction::trigger);

    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    for (QWidget* widget :
         {static_cast<QWidget*>(name), static_cast<QWidget*>(brush_), static_cast<QWidget*>(size)})
        row->addWidget(widget);
    row->addStretch();
    row->addWidget(button);
    return row;
}

/// The canvas knows digits and brackets itself; these are for when the focus is elsewhere on the page.
void PaintDesk::add_digit_actions() {
    const auto add = [this](const QKeySequence& key, auto slot) {
        auto* action = new QAction(this);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
    };
    for (int digit = 1; digit <= 9; ++digit)
        add(Qt::Key_0 + digit, [this, digit] { canvas_->set_class(digit - 1); });
    add(Qt::Key_BracketLeft, [this] { canvas_->set_brush_size(canvas_->brush_size() - 1); });
    add(Qt::Key_BracketRight, [this] { canvas_->set_brush_size(canvas_->brush_size() + 1); });
}

void PaintDesk::connect_canvas() {
    connect(palette_, &ClassPalette::chosen, canvas_, &LabelCanvas::set_class);
    connect(canvas_, &LabelCanvas::class_changed, palette_, &ClassPalette::set_current);
    connect(canvas_, &LabelCanvas::labels_changed, this, &PaintDesk::condition_changed);
    connect(canvas_, &LabelCanvas::hovered, this, &PaintDesk::tell_hovered);
}

/// Square at most, so that palette and brush stay close below the picture.
void PaintDesk::resizeEvent(QResizeEvent*) {
    const auto margins = column_->layout()->contentsMargins();
    const int across = column_->width() - margins.left() - margins.right();
    canvas_->setMaximumHeight(std::max(canvas_->minimumSizeHint().height(), across));
    const int chrome = palette_->heightForWidth(across) + 100;
    below_->setVisible(height() - chrome - below_->sizeHint().height() > across * 3 / 4);
}

// --- Drawings ---

LabelMap PaintDesk::draw_layout(int size) const {
    Rng rng(QRandomGenerator::global()->generate64());
    return world_ ? world_->layout(size, rng).labels : LabelMap(size, size);
}

Condition PaintDesk::condition() const {
    if (task_ == Task::labels) return {.labels = canvas_->labels()};
    return picture_;
}

void PaintDesk::set_model(const Sampler& model) {
    task_ = model.task();
    canvas_->setEnabled(task_ == Task::labels);
    if (task_ == Task::labels) return set_classes(model.classes(), model.world(), model.size());
    world_ = nullptr;
    if (!model.world()) {
        const int side = pair_side(model);
        picture_ = {.picture = Image(side, side, 3, 128), .mask = LabelMap(side, side, 1)};
        return;
    }
    Rng rng(QRandomGenerator::global()->generate64());
    picture_ = draw_example(*model.world(), task_settings(model.spec().data), rng).pair.x;
}

bool PaintDesk::set_condition(const Condition& condition) {
    const LabelMap& now = canvas_->labels();
    const bool fits = task_ == Task::labels ? condition.labels.width == now.width &&
                                                  condition.labels.height == now.height
                                            : condition.picture.width == picture_.picture.width;
    if (!fits) return false;
    if (task_ == Task::labels)
        canvas_->replace_labels(condition.labels, tr("Drawing"));
    else
        picture_ = condition;
    emit condition_changed();
    return true;
}

void PaintDesk::tell_hovered(QPoint pixel, int label) {
    const bool known = label >= 0 && label < static_cast<int>(classes_.size());
    emit hovered(known ? tr("x %1 · y %2 · %3")
                             .arg(pixel.x())
                             .arg(pixel.y())
                             .arg(QString::fromStdString(classes_[label].name).toLower())
                       : QString());
}

void PaintDesk::set_classes(const Palette& classes, const World* world, int size) {
    const bool same = classes_ == classes;
    world_ = world;
    if (same && canvas_->labels().width == size) return;
    if (!same) {
        classes_ = classes;
        canvas_->set_classes(classes);
        palette_->set_classes(classes);
    }
    brush_->setMaximum(std::min(size / 2, LabelCanvas::max_brush_size));
    canvas_->set_labels(same ? resized(canvas_->labels(), size) : draw_layout(size));
}

void PaintDesk::random_layout() {
    if (world_) canvas_->replace_labels(draw_layout(canvas_->labels().width), tr("Random layout"));
}

// --- Memory ---

void PaintDesk::restore(const QSettings& settings) {
    canvas_->set_brush_size(settings.value("brush", canvas_->brush_size()).toInt());
    canvas_->set_class(settings.value("class", 1).toInt());
    const int tool = settings.value("tool", 0).toInt();
    canvas_->set_tool(static_cast<LabelCanvas::Tool>(std::clamp(tool, 0, 2)));
}

void PaintDesk::save(QSettings& settings) const {
    settings.setValue("brush", canvas_->brush_size());
    settings.setValue("class", canvas_->current_class());
    settings.setValue("tool", static_cast<int>(canvas_->tool()));
}

}  // namespace modescope
