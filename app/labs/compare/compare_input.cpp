#include "app/labs/compare/compare_input.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPixmap>
#include <QRandomGenerator>
#include <QSpinBox>
#include <algorithm>

#include "app/labs/page_action.h"

namespace modescope {
namespace {

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
      source_(make_source_box()),
      number_(new QSpinBox(this)) {
    for (QLabel* label : {name_, target_name_}) label->setProperty("secondary", true);
    condition_->setToolTip(tr("What every row was asked: the same condition for all models."));
    target_->setToolTip(tr("One of the pictures that are true for this condition; others are as true."));
    number_->setObjectName("compare.input");
    number_->setPrefix(QStringLiteral("# "));
    number_->setAccessibleName(tr("Input"));
    number_->setToolTip(tr("Which of the inputs is shown."));
    number_->setKeyboardTracking(false);
    connect(number_, &QSpinBox::valueChanged, this, [this] { emit index_changed(index()); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(space::s);
    layout->addWidget(source_);
    layout->addLayout(make_steps());
    layout->addSpacing(space::s);
    for (QWidget* widget : {condition_, name_, target_, target_name_}) layout->addWidget(widget);
    layout->addStretch(1);
    setMinimumWidth(160);
    add_source_actions();
    set_count(most_inputs);
}

QComboBox* CompareInput::make_source_box() {
    using Kind = InputSource::Kind;
    auto* box = new QComboBox(this);
    box->setObjectName("compare.source");
    for (const auto& [kind, name] : {std::pair{Kind::held_out, tr("held-out inputs")},
                                     {Kind::drawing, tr("the drawing")},
                                     {Kind::files, tr("pictures…")},
                                     {Kind::folder, tr("a folder…")}})
        box->addItem(name, QVariant::fromValue(static_cast<int>(kind)));
    box->setFocusPolicy(Qt::TabFocus);
    box->setAccessibleName(tr("Where inputs come from"));
    box->setToolTip(tr(
        "Held-out inputs, which no training has seen; what is drawn in the Paint Studio; or files of your "
        "own, as the task wants them: label pictures, small pictures or photos. Files can be dropped too."));
    connect(box, &QComboBox::activated, this, [this, box] {
        const auto wanted = static_cast<Kind>(box->currentData().toInt());
        set_kind(kind_);  // until there are inputs of the other kind
        emit source_requested(wanted);
    });
    return box;
}

void CompareInput::add_source_actions() {
    using Kind = InputSource::Kind;
    const auto add = [this](const char* id, const QString& icon_name, const QString& text,
                            const QString& help, const QKeySequence& key, Kind kind) {
        add_command(this, {id, icon_name, text, help, key}, [this, kind] { emit source_requested(kind); });
    };
    add("compare.held_out", {}, tr("Use held-out inputs"), tr("Inputs that no training has seen (I)."),
        QKeySequence(Qt::Key_I), Kind::held_out);
    add("compare.drawing", "paint", tr("Use the Paint Studio's drawing"),
        tr("Ask all models for what is drawn in the Paint Studio (P)."), QKeySequence(Qt::Key_P),
        Kind::drawing);
    add("compare.files", "photo", tr("Use pictures…"), tr("Open pictures as inputs (O)."),
        QKeySequence(Qt::Key_O), Kind::files);
    add("compare.folder", "folder", tr("Use a folder…"), tr("Open a folder of pictures as inputs (Shift+O)."),
        QKeySequence(Qt::SHIFT | Qt::Key_O), Kind::folder);
}

QHBoxLayout* CompareInput::make_steps() {
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(number_, 1);
    const auto add = [&](const PageCommand& command, const std::function<void()>& run) {
        steps_.push_back(add_command(this, command, run));
        row->addWidget(tool_button(steps_.back(), this));
    };
    add({"compare.previous", "previous", tr("Previous input"), tr("The input before (Page up)."),
         QKeySequence(Qt::Key_PageUp)},
        [this] { number_->stepDown(); });
    add({"compare.next", "next", tr("Next input"), tr("The input after (Page down)."),
         QKeySequence(Qt::Key_PageDown)},
        [this] { number_->stepUp(); });
    add({"compare.random", "dice", tr("Random input"), tr("Any other input (L)."), QKeySequence(Qt::Key_L)},
        [this] { draw_random(); });
    number_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    return row;
}

void CompareInput::set_count(int count) {
    const QSignalBlocker quiet(number_);
    number_->setRange(1, std::clamp(count, 1, most_inputs));
    for (auto* action : steps_) action->setEnabled(count > 1);
}

void CompareInput::set_kind(InputSource::Kind kind) {
    kind_ = kind;
    source_->setCurrentIndex(source_->findData(static_cast<int>(kind)));
}

int CompareInput::index() const { return number_->value() - 1; }

void CompareInput::set_index(int index) { number_->setValue(index + 1); }

void CompareInput::draw_random() {
    const int others = number_->maximum() - 1;
    const int other = QRandomGenerator::global()->bounded(1, others + 1);
    number_->setValue(other < number_->value() ? other : other + 1);
}

void CompareInput::show_case(const ShownCase& shown) {
    condition_picture_ = shown.condition;
    target_picture_ = shown.target;
    name_->setText(shown.name);
    target_->setVisible(!shown.target.isNull());
    target_name_->setVisible(!shown.target.isNull());
    scale_pictures();
}

void CompareInput::scale_pictures() {
    const int captions = 2 * name_->sizeHint().height() + 4 * space::m;
    const int room = (height() - source_->height() - number_->height() - captions) / 2;
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
