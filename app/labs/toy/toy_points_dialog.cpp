#include "app/labs/toy/toy_points_dialog.h"

#include <QAction>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/labs/file_dialog.h"
#include "app/labs/toy/toy_points_canvas.h"
#include "core/base/error.h"
#include "widgets/message_strip.h"
#include "widgets/theme.h"

namespace modescope {

ToyPointsDialog::ToyPointsDialog(QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("points_dialog"));
    setWindowTitle(tr("Own points"));
    setModal(true);
    add_actions();
    auto* page = new QVBoxLayout(this);
    page->setContentsMargins(space::l, space::l, space::l, space::l);
    page->setSpacing(space::m);
    auto* hint =
        new QLabel(tr("Draw what y may be at each x. Every configuration then trains on these points, "
                      "and is measured against them."),
                   this);
    hint->setProperty("secondary", true);
    hint->setWordWrap(true);
    page->addWidget(hint);
    page->addWidget(strip_ = new MessageStrip(this));
    page->addWidget(canvas_ = new ToyPointsCanvas(this), 1);
    page->addLayout(build_tools());
    page->addLayout(build_end());
    connect(canvas_, &ToyPointsCanvas::changed, this, &ToyPointsDialog::refresh);
    resize(720, 640);
    refresh();
}

QAction* ToyPointsDialog::add_action(const char* name, const QString& text, const QString& explanation,
                                     const QList<QKeySequence>& keys, void (ToyPointsDialog::*run)()) {
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setToolTip(explanation);
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setEnabled(false);  // as long as the dialog is not shown
    connect(action, &QAction::triggered, this, run);
    addAction(action);
    return action;
}

void ToyPointsDialog::add_actions() {
    undo_ = add_action("toy.points.undo", tr("Undo"), tr("Take the last stroke back (Ctrl+Z)."),
                       {Qt::CTRL | Qt::Key_Z}, &ToyPointsDialog::undo);
    redo_ = add_action("toy.points.redo", tr("Redo"), tr("Draw the stroke again (Ctrl+Y)."),
                       {Qt::CTRL | Qt::Key_Y, Qt::CTRL | Qt::SHIFT | Qt::Key_Z}, &ToyPointsDialog::redo);
    clear_ = add_action("toy.points.clear", tr("Clear"), tr("Take all points away (Del)."), {Qt::Key_Delete},
                        &ToyPointsDialog::clear);
    narrow_ = add_action("toy.points.narrow", tr("Less spread"), {}, {Qt::Key_BracketLeft},
                         &ToyPointsDialog::narrow);
    widen_ = add_action("toy.points.widen", tr("More spread"), {}, {Qt::Key_BracketRight},
                        &ToyPointsDialog::widen);
    load_ = add_action("toy.points.load", tr("Open CSV…"),
                       tr("Columns x and y, with or without a heading, scaled to the plane (Ctrl+O)."),
                       {Qt::CTRL | Qt::Key_O}, &ToyPointsDialog::load);
    save_ =
        add_action("toy.points.save", tr("Save CSV…"), tr("Write the points as columns x and y (Ctrl+S)."),
                   {Qt::CTRL | Qt::Key_S}, &ToyPointsDialog::save);
}

QLayout* ToyPointsDialog::build_tools() {
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    const auto add = [&](QAction* action) {
        auto* button = new QToolButton(this);
        button->setObjectName(action->objectName() + QStringLiteral(".button"));
        button->setDefaultAction(action);
        row->addWidget(button);
    };
    for (QAction* action : {undo_, redo_, clear_}) add(action);
    row->addSpacing(space::m);
    build_spread(*row);
    row->addStretch(1);
    for (QAction* action : {load_, save_}) add(action);
    return row;
}

void ToyPointsDialog::build_spread(QHBoxLayout& row) {
    spread_ = new QSlider(Qt::Horizontal, this);
    spread_->setObjectName(QStringLiteral("points_spread"));
    spread_->setRange(1, 30);
    spread_->setMaximumWidth(160);
    spread_->setToolTip(
        tr("How far a stroke scatters its points: two σ are the ring around the pointer ([ and ], or the "
           "wheel)."));
    spread_->setAccessibleName(tr("Spread"));
    connect(spread_, &QSlider::valueChanged, this, [this](int value) { canvas_->set_spread(value / 100.0); });
    connect(canvas_, &ToyPointsCanvas::spread_stepped, this, &ToyPointsDialog::change_spread);
    spread_->setValue(5);
    auto* label = new QLabel(tr("spread"), this);
    label->setProperty("secondary", true);
    label->setBuddy(spread_);
    row.addWidget(label);
    row.addWidget(spread_);
}

void ToyPointsDialog::change_spread(int steps) { spread_->setValue(spread_->value() + steps); }
void ToyPointsDialog::widen() { change_spread(1); }
void ToyPointsDialog::narrow() { change_spread(-1); }

QLayout* ToyPointsDialog::build_end() {
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(count_ = new QLabel(this), 1);
    count_->setObjectName(QStringLiteral("points_count"));
    count_->setProperty("secondary", true);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setObjectName(QStringLiteral("points_cancel"));
    cancel->setToolTip(tr("Leave the data as it is; what is drawn stays here for the next time (Esc)."));
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    train_ = new QPushButton(tr("Train on these points"), this);
    train_->setObjectName(QStringLiteral("points_train"));
    train_->setProperty("primary", true);
    train_->setDefault(true);
    train_->setToolTip(tr("Start every configuration anew on these points (Return)."));
    connect(train_, &QPushButton::clicked, this, [this] {
        given_ = points_from_text(to_text(canvas_->points()));  // as they come back
        accept();
        emit chosen(given_);
    });
    row->addWidget(cancel);
    row->addWidget(train_);
    return row;
}

/// What was drawn and not trained on is still there, or at least comes back with Ctrl+Z.
void ToyPointsDialog::edit(std::vector<ToyPoint> points) {
    strip_->hide();
    if (points != given_) canvas_->replace(points);
    given_ = std::move(points);
    open();
}

void ToyPointsDialog::showEvent(QShowEvent* event) {
    QDialog::showEvent(event);
    for (QAction* action : {load_, narrow_, widen_}) action->setEnabled(true);
    refresh();
    canvas_->setFocus();
}

void ToyPointsDialog::hideEvent(QHideEvent* event) {
    QDialog::hideEvent(event);
    for (QAction* action : {undo_, redo_, clear_, load_, save_, narrow_, widen_}) action->setEnabled(false);
}

void ToyPointsDialog::clear() { canvas_->replace({}); }
void ToyPointsDialog::undo() { canvas_->undo(); }
void ToyPointsDialog::redo() { canvas_->redo(); }

void ToyPointsDialog::refresh() {
    const auto count = canvas_->points().size();
    undo_->setEnabled(canvas_->can_undo());
    redo_->setEnabled(canvas_->can_redo());
    clear_->setEnabled(count > 0);
    save_->setEnabled(count > 0);
    train_->setEnabled(count >= least_toy_points);
    const QString text = count == 1 ? tr("1 point") : tr("%1 points").arg(count);
    count_->setText(count >= most_toy_points ? tr("%1: more do not fit").arg(text)
                    : count >= least_toy_points
                        ? text
                        : tr("%1, at least %2 are wanted").arg(text).arg(least_toy_points));
}

void ToyPointsDialog::load() {
    auto* dialog =
        make_open_dialog(this, tr("Open points"), tr("CSV table (*.csv *.tsv *.txt);;All files (*)"));
    connect(dialog, &QFileDialog::fileSelected, this, &ToyPointsDialog::load_from);
    dialog->open();
}

void ToyPointsDialog::load_from(const QString& path) {
    try {
        canvas_->replace(read_points(path.toStdString()));
        strip_->show_message(MessageStrip::Severity::Info, tr("Opened %1.").arg(QFileInfo(path).fileName()));
    } catch (const Error& error) {
        strip_->show_message(MessageStrip::Severity::Error, QString::fromUtf8(error.what()));
    }
}

void ToyPointsDialog::save() {
    auto* dialog =
        make_save_dialog(this, tr("Save points"), tr("CSV table (*.csv)"), QStringLiteral("points.csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        try {
            write_points(path.toStdString(), canvas_->points());
            strip_->show_message(MessageStrip::Severity::Info, tr("Saved %1.").arg(path));
        } catch (const Error& error) {
            strip_->show_message(MessageStrip::Severity::Error, QString::fromUtf8(error.what()));
        }
    });
    dialog->open();
}

}  // namespace modescope
