#include "app/labs/compare_input.h"

#include <QAction>
#include <QBoxLayout>
#include <QLabel>
#include <QPixmap>
#include <QRandomGenerator>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>

#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int many = 9999;  // of a world's endless conditions

QLabel* picture_label(QWidget* parent, const QString& name) {
    auto* label = new QLabel(parent);
    label->setAccessibleName(name);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    return label;
}

}  // namespace

CompareInput::CompareInput(QWidget* parent)
    : QWidget(parent),
      condition_(picture_label(this, tr("Condition"))),
      target_(picture_label(this, tr("True picture"))),
      name_(new QLabel(tr("condition"), this)),
      target_name_(new QLabel(tr("a true picture"), this)),
      number_(new QSpinBox(this)) {
    for (QLabel* label : {name_, target_name_}) label->setProperty("secondary", true);
    condition_->setToolTip(tr("What every row was asked: the same condition for all models."));
    target_->setToolTip(tr("One of the pictures that are true for this condition; others are as true."));
    number_->setPrefix(tr("input  "));
    number_->setAccessibleName(tr("Input"));
    number_->setToolTip(tr("Which of the held-out inputs, which no training has seen, is shown."));
    number_->setKeyboardTracking(false);
    set_count(many);
    connect(number_, &QSpinBox::valueChanged, this, [this] { emit index_changed(index()); });
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    add_button(row, "previous", tr("Previous input"), Qt::Key_PageUp, tr("The input before (Page up)."),
               [this] { number_->stepDown(); });
    add_button(row, "next", tr("Next input"), Qt::Key_PageDown, tr("The input after (Page down)."),
               [this] { number_->stepUp(); });
    add_button(row, "dice", tr("Random input"), Qt::Key_L, tr("Any other input (L)."),
               [this] { draw_random(); });
    add_button(row, "folder", tr("Open pictures…"), Qt::Key_O,
               tr("Use pictures of your own as inputs: label pictures, small pictures or photos, as the task "
                  "asks (O)."),
               [this] { emit open_requested(); });
    row->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(space::s);
    layout->addWidget(number_);
    layout->addLayout(row);
    layout->addWidget(condition_);
    layout->addWidget(name_);
    layout->addSpacing(space::s);
    layout->addWidget(target_);
    layout->addWidget(target_name_);
    layout->addStretch(1);
    setMinimumWidth(144);
}

void CompareInput::add_button(QHBoxLayout* row, const QString& icon_name, const QString& text, int key,
                              const QString& help, const std::function<void()>& run) {
    auto* action = new QAction(icon(icon_name), text, this);
    action->setShortcut(QKeySequence(key));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(help);
    connect(action, &QAction::triggered, this, run);
    addAction(action);
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setProperty("tool", true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(text);
    row->addWidget(button);
}

void CompareInput::set_count(int count) {
    const QSignalBlocker quiet(number_);
    number_->setRange(1, std::clamp(count, 1, many));
}

int CompareInput::index() const { return number_->value() - 1; }

void CompareInput::set_index(int index) { number_->setValue(index + 1); }

void CompareInput::draw_random() {
    number_->setValue(QRandomGenerator::global()->bounded(1, number_->maximum() + 1));
}

void CompareInput::show_case(const ShownCase& shown) {
    condition_picture_ = shown.condition;
    target_picture_ = shown.target;
    name_->setText(tr("condition · %1").arg(shown.name));
    target_->setVisible(!shown.target.isNull());
    target_name_->setVisible(!shown.target.isNull());
    scale_pictures();
}

void CompareInput::scale_pictures() {
    const int room = (height() - number_->height()) / 2 - 64;
    const int side = std::max(48, std::min(width(), room));
    for (const auto& [label, picture] :
         {std::pair{condition_, &condition_picture_}, {target_, &target_picture_}}) {
        if (picture->isNull()) continue;
        const double ratio = devicePixelRatioF();
        auto pixmap = QPixmap::fromImage(
            picture->scaled(QSize(side, side) * ratio, Qt::KeepAspectRatio, Qt::FastTransformation));
        pixmap.setDevicePixelRatio(ratio);
        label->setPixmap(pixmap);
        label->setFixedHeight(side);
    }
}

void CompareInput::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    scale_pictures();
}

}  // namespace modescope
