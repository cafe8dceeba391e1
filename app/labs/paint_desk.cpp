#include "app/labs/paint_desk.h"

#include <QAction>
#include <QActionGroup>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QToolButton>
#include <QUndoView>
#include <QVBoxLayout>
#include <algorithm>

#include "app/labs/board_operations.h"
#include "widgets/class_palette.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int column_margin = space::l;
constexpr QSize tool_icon_size(20, 20);
constexpr int least_brush_range = 8;
constexpr int history_height = 120;

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
      canvas_(new LabelCanvas(this)),
      board_(new PaintBoard(canvas_)),
      palette_(new ClassPalette(this)),
      brush_(new QSlider(Qt::Horizontal, this)),
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
    setAcceptDrops(true);
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
        layout->addWidget(tool_button(action, rail));
        if (tool.gesture != Gesture::View) painting_tools_ << action;
        if (tool.tool == PaintTool::Photo) photo_tool_ = action;
    }
    layout->addStretch();
    add_view_actions(layout);
    add_undo_actions(layout);
    return rail;
}

QAction* PaintDesk::page_action(const QString& icon_name, const QString& name, const QString& key,
                                const QString& help) {
    auto* action = new QAction(icon(icon_name), name, this);
    action->setShortcut(QKeySequence(key));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(tr("<b>%1</b> (%2)<br>%3").arg(name, key, help));
    addAction(action);
    return action;
}

void PaintDesk::add_view_actions(QVBoxLayout* rail) {
    auto* fit = page_action("zoom-fit", tr("Zoom to fit"), "Ctrl+0",
                            tr("Show the whole drawing as large as it goes."));
    connect(fit, &QAction::triggered, canvas_, &LabelCanvas::zoom_to_fit);
    auto* pixels = page_action("zoom-fit", tr("Zoom to 100 %"), "Ctrl+Alt+0",
                               tr("One pixel of the drawing a screen pixel."));
    connect(pixels, &QAction::triggered, canvas_, &LabelCanvas::zoom_to_pixels);
    auto* history = page_action("history", tr("History"), "U",
                                tr("List the steps of the drawing; a click goes back to one."));
    history->setCheckable(true);
    connect(history, &QAction::toggled, history_, &QWidget::setVisible);
    history_->hide();
    history_->setMaximumHeight(history_height);
    history_->setEmptyLabel(tr("Start"));
    history_->setAccessibleName(tr("History"));
    history_->setToolTip(history->toolTip());
    for (QAction* action : {fit, history}) rail->addWidget(tool_button(action, this));
}

QAction* PaintDesk::tool_action(const ToolInfo& tool) {
    auto* action = new QAction(icon(tool.icon), tool.name, this);
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
    row->addWidget(random_);
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
    connect(board_, &PaintBoard::changed, this, &PaintDesk::condition_changed);
    connect(board_, &PaintBoard::classes_changed, this, &PaintDesk::show_task);
    connect(operations_, &BoardOperations::problem, this, &PaintDesk::problem);
    connect(canvas_, &LabelCanvas::hovered, this,
            [this](QPoint pixel, int label) { emit hovered(where(pixel, label)); });
}

/// Square at most, so that palette and brush stay close below the picture.
void PaintDesk::resizeEvent(QResizeEvent*) {
    const auto margins = column_->layout()->contentsMargins();
    const int across = column_->width() - margins.left() - margins.right();
    canvas_->setMaximumHeight(std::max(canvas_->minimumSizeHint().height(), across));
    const int chrome = palette_->heightForWidth(across) + operations_->heightForWidth(across) + 108;
    below_->setVisible(height() - chrome - below_->sizeHint().height() > across * 3 / 4);
}

// --- Drawings ---

Condition PaintDesk::condition() const { return board_->condition(); }

void PaintDesk::set_model(const Sampler& model) {
    board_->set_model(model);
    show_task();
}

bool PaintDesk::set_condition(const Condition& condition) { return board_->set_condition(condition); }

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
    photo_tool_->setEnabled(board_->has_photo());
    for (QAction* action : std::as_const(painting_tools_))
        action->setEnabled(board_->task() != Task::picture);
}

QString PaintDesk::where(QPoint pixel, int label) const {
    if (label < 0) return {};
    return tr("x %1 · y %2 · %3").arg(pixel.x()).arg(pixel.y()).arg(canvas_->class_name(label).toLower());
}

void PaintDesk::dragEnterEvent(QDragEnterEvent* event) {
    const QMimeData& data = *event->mimeData();
    if (data.hasImage() || (data.hasUrls() && data.urls().front().isLocalFile()))
        event->acceptProposedAction();
}

void PaintDesk::dropEvent(QDropEvent* event) {
    const QMimeData& data = *event->mimeData();
    if (data.hasUrls())
        operations_->open_picture(data.urls().front().toLocalFile());
    else
        operations_->take_picture(data.imageData().value<QImage>(), tr("What was dropped"));
    event->acceptProposedAction();
}

// --- Memory ---

void PaintDesk::restore(const QSettings& settings) {
    canvas_->set_brush_size(settings.value("brush", canvas_->brush_size()).toInt());
    canvas_->set_class(settings.value("class", 1).toInt());
    const auto id = settings.value("tool").toString();
    const auto tool = std::ranges::find(paint_tools(), id, &ToolInfo::id);
    if (tool != paint_tools().end() && tool->tool != PaintTool::Photo) canvas_->set_tool(tool->tool);
}

void PaintDesk::save(QSettings& settings) const {
    settings.setValue("brush", canvas_->brush_size());
    settings.setValue("class", canvas_->current_class());
    settings.setValue("tool", info(canvas_->tool()).id);
}

}  // namespace modescope
