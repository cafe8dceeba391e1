#include "app/labs/paint/paint_desk.h"

#include <QAction>
#include <QActionGroup>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QToolButton>
#include <QUndoView>
#include <QVBoxLayout>
#include <algorithm>

#include "app/labs/page_action.h"
#include "app/labs/paint/board_operations.h"
#include "app/labs/paint/layout_picker.h"
#include "widgets/class_palette.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int column_margin = space::l;
constexpr QSize tool_icon_size(20, 20);
constexpr int least_brush_range = 8;
constexpr int history_height = 120;
constexpr int least_opacity = 10;  // percent: labels that nobody sees cannot be painted

QToolButton* rail_button(QAction* action, QWidget* rail) {
    auto* button = tool_button(action, rail);
    button->setIconSize(tool_icon_size);
    return button;
}

}  // namespace

PaintDesk::PaintDesk(QWidget* below, QWidget* parent)
    : QWidget(parent),
      canvas_(new LabelCanvas(this)),
      board_(new PaintBoard(canvas_)),
      palette_(new ClassPalette(this)),
      brush_(new QSlider(Qt::Horizontal, this)),
      opacity_(new QSlider(Qt::Horizontal, this)),
      operations_(new BoardOperations(canvas_, board_, this)),
      history_(new QUndoView(canvas_->undo_stack(), this)),
      below_(below),
      column_(new QWidget(this)) {
    auto* column = new QVBoxLayout(column_);
    column->setContentsMargins(column_margin, column_margin, space::m, space::m);
    column->setSpacing(space::m);
    column->addWidget(canvas_, 1);
    column->addWidget(palette_);
    column->addLayout(build_brush_row());
    column->addWidget(build_opacity());
    column->addWidget(operations_);
    column->addWidget(history_);
    column->addSpacing(space::m);
    column->addWidget(below_);
    column->addStretch();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(build_rail());
    layout->addWidget(column_, 1);
    addActions(operations_->actions());
    connect_canvas();
    add_digit_actions();
    show_task();
}

// --- Parts ---

QWidget* PaintDesk::build_rail() {
    auto* rail = new QFrame(this);
    rail->setProperty("bar", true);
    auto* layout = new QVBoxLayout(rail);
    layout->setContentsMargins(space::s, column_margin, space::s, space::m);
    layout->setSpacing(space::s);
    auto* tools = new QActionGroup(this);
    for (const ToolInfo& tool : paint_tools()) {
        QAction* action = tool_action(tool);
        tools->addAction(action);
        layout->addWidget(rail_button(action, rail));
        if (tool.gesture != Gesture::View) painting_tools_ << action;
        if (tool.tool == PaintTool::Photo) photo_tool_ = action;
    }
    layout->addStretch();
    add_view_actions(layout);
    add_undo_actions(layout);
    return rail;
}

void PaintDesk::add_view_actions(QVBoxLayout* rail) {
    const auto command = [this](const char* id, const QString& icon, const QString& name, const char* key,
                                const QString& help, auto&& run) {
        const QKeySequence keys(key);
        return add_command(this, {id, icon, name, titled_help(name, keys, help), keys}, run);
    };
    auto* fit =
        command("zoom_to_fit", "zoom-fit", tr("Zoom to fit"), "Ctrl+0",
                tr("Show the whole drawing as large as it goes."), [this] { canvas_->zoom_to_fit(); });
    command("zoom_to_pixels", "zoom-fit", tr("Zoom to 100 %"), "Ctrl+Alt+0",
            tr("One pixel of the drawing a screen pixel."), [this] { canvas_->zoom_to_pixels(); });
    auto* history =
        command("history", "history", tr("History"), "U",
                tr("List the steps of the drawing; a click or the arrow keys go to one, Escape "
                   "goes back to the drawing."),
                [this](bool shown) { (shown ? static_cast<QWidget*>(history_) : canvas_)->setFocus(); });
    history->setCheckable(true);
    connect(history, &QAction::toggled, history_, &QWidget::setVisible);
    history_->hide();
    history_->setMaximumHeight(history_height);
    history_->setEmptyLabel(tr("Start"));
    history_->setObjectName("history_list");
    history_->setAccessibleName(tr("History"));
    history_->setToolTip(history->toolTip());
    history_->installEventFilter(this);
    for (QAction* action : {fit, history}) rail->addWidget(rail_button(action, this));
}

QAction* PaintDesk::tool_action(const ToolInfo& tool) {
    auto* action = new QAction(icon(tool.icon), tool.name, this);
    action->setObjectName("tool_" + tool.id);
    const QKeySequence key(tool.key);
    action->setCheckable(true);
    action->setChecked(canvas_->tool() == tool.tool);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(tr("<b>%1</b> (%2)<br>%3").arg(tool.name, key.toString(), tool.help));
    action->setData(static_cast<int>(tool.tool));
    connect(action, &QAction::triggered, this, [this, chosen = tool.tool] { canvas_->set_tool(chosen); });
    connect(canvas_, &LabelCanvas::tool_changed, action,
            [action, own = tool.tool](PaintTool now) { action->setChecked(now == own); });
    addAction(action);
    return action;
}

void PaintDesk::add_undo_actions(QVBoxLayout* rail) {
    QUndoStack* stack = canvas_->undo_stack();
    auto* undo = new QAction(icon("undo"), tr("Undo"), this);
    auto* redo = new QAction(icon("redo"), tr("Redo"), this);
    undo->setObjectName("undo");
    redo->setObjectName("redo");
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
        rail->addWidget(rail_button(action, this));
    }
}

QLayout* PaintDesk::build_brush_row() {
    auto* name = new QLabel(tr("Brush"), this);
    auto* size = new QLabel(this);
    size->setMinimumWidth(size->fontMetrics().horizontalAdvance(tr("%1 px").arg(88)));
    brush_->setRange(1, least_brush_range);
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
    random->setObjectName("random_layout");
    random->setShortcut(QKeySequence(Qt::Key_L));
    random->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(random, &QAction::triggered, this, &PaintDesk::random_layout);
    addAction(random);
    random_ = new QPushButton(icon("dice"), random->text(), this);
    random_->setFocusPolicy(Qt::TabFocus);
    random_->setToolTip(tr("Draw a new one by the rules of the data (L). Undo brings yours back."));
    connect(random_, &QPushButton::clicked, random, &QAction::trigger);

    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    for (QWidget* widget :
         {static_cast<QWidget*>(name), static_cast<QWidget*>(brush_), static_cast<QWidget*>(size)})
        row->addWidget(widget);
    row->addStretch();
    row->addWidget(build_layouts());
    row->addWidget(random_);
    return row;
}

QPushButton* PaintDesk::build_layouts() {
    auto* action = new QAction(tr("Layouts"), this);
    action->setObjectName("layouts");
    action->setShortcut(QKeySequence("Ctrl+L"));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(action);
    layouts_ = new QPushButton(icon("chevron-up"), action->text(), this);
    layouts_->setFocusPolicy(Qt::TabFocus);
    layouts_->setToolTip(tr("Choose something to begin with from small pictures (Ctrl+L)."));
    auto* picker = new LayoutPicker(board_, this);
    connect(layouts_, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::triggered, this, [this, picker] {
        if (board_->has_random()) picker->open_at(*layouts_);
    });
    return layouts_;
}

/// What lies under the labels, and how much of it they let through.
QWidget* PaintDesk::build_opacity() {
    opacity_row_ = new QWidget(this);
    const QString help =
        tr("Show the current tile under the labels, to paint along its edges. Tab held down shows it alone.");
    sample_ = add_command(
        this, {"sample_below", {}, tr("Sample below"), titled_help(tr("Sample below"), {"D"}, help), {"D"}},
        [] {});
    sample_->setCheckable(true);
    connect(sample_, &QAction::toggled, this, &PaintDesk::sample_wanted);
    auto* chip = chip_button(sample_, opacity_row_);
    connect(sample_, &QAction::enabledChanged, chip, &QWidget::setVisible);
    opacity_name_ = new QLabel(opacity_row_);
    auto* value = new QLabel(opacity_row_);
    value->setMinimumWidth(value->fontMetrics().horizontalAdvance(tr("%1 %").arg(100)));
    opacity_->setObjectName("label_opacity");
    opacity_->setRange(least_opacity, 100);
    opacity_->setFocusPolicy(Qt::TabFocus);
    opacity_->setMaximumWidth(160);
    opacity_->setAccessibleName(tr("Opacity of the labels"));
    opacity_->setToolTip(tr("How much the labels hide of the picture below them."));
    connect(opacity_, &QSlider::valueChanged, value,
            [value](int percent) { value->setText(tr("%1 %").arg(percent)); });
    connect(opacity_, &QSlider::valueChanged, this, &PaintDesk::change_opacity);
    auto* row = new QHBoxLayout(opacity_row_);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    for (QWidget* widget : {static_cast<QWidget*>(chip), static_cast<QWidget*>(opacity_name_),
                            static_cast<QWidget*>(opacity_), static_cast<QWidget*>(value)})
        row->addWidget(widget);
    row->addStretch();
    return opacity_row_;
}

void PaintDesk::show_opacity() {
    const bool labels = board_->task() == Task::labels;
    sample_->setEnabled(labels);
    opacity_name_->setText(labels ? tr("Labels") : tr("Hole"));
    opacity_row_->setVisible(labels || board_->task() == Task::inpainting);
    const int percent = board_->has_photo() ? percent_over_photo_ : percent_over_sample_;
    opacity_->setValue(percent);
    canvas_->set_opacity(percent / 100.0);
    opacity_->setEnabled(canvas_->has_backdrop());
}

void PaintDesk::change_opacity(int percent) {
    (board_->has_photo() ? percent_over_photo_ : percent_over_sample_) = percent;
    canvas_->set_opacity(percent / 100.0);
}

/// These work wherever the focus is on the page; the canvas leaves them its keys.
void PaintDesk::add_digit_actions() {
    canvas_->leave_keys_to_page();
    const auto add = [this](const QString& id, const QString& text, const QKeySequence& key, auto slot) {
        auto* action = new QAction(text, this);
        action->setObjectName(id);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
    };
    for (int number = 1; number <= 10; ++number)
        add(QStringLiteral("class_%1").arg(number), tr("Class %1").arg(number), Qt::Key_0 + number % 10,
            [this, number] { canvas_->set_class(number - 1); });
    add("brush_smaller", tr("Smaller brush"), Qt::Key_BracketLeft, [this] { canvas_->resize_brush(-1); });
    add("brush_larger", tr("Larger brush"), Qt::Key_BracketRight, [this] { canvas_->resize_brush(1); });
    add("find_class", tr("Find a class"), QKeySequence("Ctrl+F"), [this] {
        if (palette_->filter()->isVisible()) palette_->filter()->setFocus();
    });
}

void PaintDesk::connect_canvas() {
    connect(palette_, &ClassPalette::chosen, canvas_, &LabelCanvas::set_class);
    connect(canvas_, &LabelCanvas::class_changed, palette_, &ClassPalette::set_current);
    connect(palette_, &ClassPalette::left, canvas_, [this] { canvas_->setFocus(); });
    connect(board_, &PaintBoard::changed, this, &PaintDesk::condition_changed);
    connect(board_, &PaintBoard::classes_changed, this, &PaintDesk::show_task);
    connect(operations_, &BoardOperations::problem, this, &PaintDesk::problem);
    connect(operations_, &BoardOperations::walked, this, &PaintDesk::walked);
    connect(canvas_, &LabelCanvas::hovered, this,
            [this](QPoint pixel, int label) { emit hovered(where(pixel, label)); });
}

/// In the history its keys are its own, but for Escape and what leads elsewhere.
bool PaintDesk::eventFilter(QObject*, QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress) return false;
    auto* key = static_cast<QKeyEvent*>(event);
    const bool leaves = key->key() == Qt::Key_Escape;
    const bool moves = key->key() == Qt::Key_Up || key->key() == Qt::Key_Down || key->key() == Qt::Key_Home ||
                       key->key() == Qt::Key_End || key->key() == Qt::Key_PageUp ||
                       key->key() == Qt::Key_PageDown;
    if (event->type() == QEvent::ShortcutOverride) {
        if (leaves || moves) event->accept();
        return false;
    }
    if (leaves) canvas_->setFocus();
    return leaves;
}

/// Square at most, so that palette and brush stay close below the picture.
void PaintDesk::resizeEvent(QResizeEvent*) {
    const auto margins = column_->layout()->contentsMargins();
    const int across = column_->width() - margins.left() - margins.right();
    canvas_->setMaximumHeight(std::max(canvas_->minimumSizeHint().height(), across));
    const int chrome = palette_->heightForWidth(across) + operations_->sizeHint().height() +
                       (opacity_row_->isHidden() ? 0 : opacity_row_->sizeHint().height() + space::m) + 108;
    below_->setVisible(height() - chrome - below_->sizeHint().height() > across * 3 / 5);
}

// --- Drawings ---

Condition PaintDesk::condition() const { return board_->condition(); }

void PaintDesk::set_model(const Sampler& model) {
    board_->set_model(model);
    show_task();
}

bool PaintDesk::set_condition(const Condition& condition, std::optional<std::uint64_t> example_seed,
                              const Image& whole) {
    return board_->set_condition(condition, example_seed, whole);
}

bool PaintDesk::wants_sample() const { return sample_->isEnabled() && sample_->isChecked(); }

void PaintDesk::set_sample(const QImage& sample) {
    if (board_->task() != Task::labels) return;
    canvas_->set_backdrop(wants_sample() ? sample : QImage());
    opacity_->setEnabled(canvas_->has_backdrop());
}

void PaintDesk::random_layout() { board_->random_example(); }

/// What the board's task has a use for.
void PaintDesk::show_task() {
    palette_->set_classes(board_->classes());
    palette_->set_current(canvas_->current_class());
    palette_->setVisible(board_->task() != Task::picture);
    brush_->setMaximum(
        std::clamp(canvas_->labels().width / 2, least_brush_range, LabelCanvas::max_brush_size));
    random_->setVisible(board_->has_random());
    random_->setText(board_->has_photo() ? tr("Random example") : tr("Random layout"));
    layouts_->setVisible(board_->has_random());
    layouts_->setText(board_->has_photo() ? tr("Examples") : tr("Layouts"));
    photo_tool_->setEnabled(board_->has_photo());
    show_opacity();
    for (QAction* action : std::as_const(painting_tools_))
        action->setEnabled(board_->task() != Task::picture);
}

QString PaintDesk::where(QPoint pixel, int label) const {
    if (label < 0) return {};
    return tr("x %1 · y %2 · %3").arg(pixel.x()).arg(pixel.y()).arg(canvas_->class_name(label).toLower());
}

// --- Memory ---

void PaintDesk::restore(const QSettings& settings) {
    canvas_->set_brush_size(settings.value("brush", canvas_->brush_size()).toInt());
    canvas_->set_class(settings.value("class", 1).toInt());
    percent_over_sample_ = settings.value("opacity_over_sample", percent_over_sample_).toInt();
    percent_over_photo_ = settings.value("opacity_over_photo", percent_over_photo_).toInt();
    sample_->setChecked(settings.value("sample_below", false).toBool());
    show_opacity();
    const auto id = settings.value("tool").toString();
    const auto tool = std::ranges::find(paint_tools(), id, &ToolInfo::id);
    if (tool != paint_tools().end() && tool->tool != PaintTool::Photo) canvas_->set_tool(tool->tool);
}

void PaintDesk::save(QSettings& settings) const {
    settings.setValue("brush", canvas_->brush_size());
    settings.setValue("class", canvas_->current_class());
    settings.setValue("opacity_over_sample", percent_over_sample_);
    settings.setValue("opacity_over_photo", percent_over_photo_);
    settings.setValue("sample_below", sample_->isChecked());
    settings.setValue("tool", info(canvas_->tool()).id);
}

}  // namespace modescope
