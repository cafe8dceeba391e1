#include "app/labs/toy/toy_chips.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QToolButton>

#include "widgets/flow_layout.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

struct LayerChip {
    const char* text;
    const char* explanation;
    bool ToyLayers::*shown;
};

/// A tool button without the room that Qt leaves for two more spaces; fifteen chips share a line.
class Chip : public QToolButton {
public:
    using QToolButton::QToolButton;

    QSize sizeHint() const override {
        const QSize hint = QToolButton::sizeHint();
        return {hint.width() - 2 * fontMetrics().horizontalAdvance(QChar(' ')), hint.height()};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }
};

constexpr LayerChip layer_table[] = {
    {QT_TRANSLATE_NOOP("ToyChips", "density"),
     QT_TRANSLATE_NOOP("ToyChips", "The true density p(y|x) as a glow: where the samples should be (1)."),
     &ToyLayers::density},
    {QT_TRANSLATE_NOOP("ToyChips", "samples"),
     QT_TRANSLATE_NOOP("ToyChips", "Samples ỹ = G(x, z), one dot each (2)."), &ToyLayers::samples},
    {QT_TRANSLATE_NOOP("ToyChips", "D surface"),
     QT_TRANSLATE_NOOP("ToyChips", "What the discriminator takes for real (blue) and for fake (orange) (3)."),
     &ToyLayers::discriminator},
    {QT_TRANSLATE_NOOP("ToyChips", "μ̃ ± σ̃"),
     QT_TRANSLATE_NOOP("ToyChips",
                       "Mean and standard deviation of the samples, which the MR losses compare (4)."),
     &ToyLayers::moments},
    {QT_TRANSLATE_NOOP("ToyChips", "μ̂ ± σ̂"),
     QT_TRANSLATE_NOOP("ToyChips",
                       "Mean and standard deviation as the predictor P sees them; the proxy losses pull the "
                       "samples' moments there (5)."),
     &ToyLayers::predictor},
};

}  // namespace

ToyChips::ToyChips(QWidget* parent)
    : QWidget(parent), plus_(new QToolButton(this)), edit_(new QLineEdit(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::l);
    auto* left = new QWidget(this);
    flow_ = new FlowLayout(left, space::s);
    flow_->setContentsMargins(0, 0, 0, 0);
    row->addWidget(left, 1);
    plus_->setObjectName(QStringLiteral("add"));
    plus_->setProperty("chip", true);
    plus_->setIcon(icon(QStringLiteral("plus")));
    plus_->setFocusPolicy(Qt::TabFocus);
    plus_->setToolTip(tr("Add a loss of your own as a formula, such as gan+5*pmr2 (N)."));
    plus_->setAccessibleName(tr("Add a configuration"));
    edit_->setObjectName(QStringLiteral("formula"));
    edit_->setPlaceholderText(tr("gan + 5*pmr2"));
    edit_->setAccessibleName(tr("Formula of the loss"));
    edit_->setFixedWidth(180);
    edit_->installEventFilter(this);
    edit_->hide();
    connect(plus_, &QToolButton::clicked, this, &ToyChips::open_edit);
    connect(edit_, &QLineEdit::returnPressed, this, [this] { emit formula_entered(edit_->text()); });
    flow_->addWidget(plus_);
    flow_->addWidget(edit_);
    add_layer_chips();
}

QToolButton* ToyChips::add_chip(const QString& text, const QString& explanation) {
    auto* chip = new Chip(this);
    chip->setProperty("chip", true);
    chip->setText(text);
    chip->setToolTip(explanation);
    chip->setAccessibleName(text);
    chip->setCheckable(true);
    chip->setFocusPolicy(Qt::TabFocus);
    return chip;
}

void ToyChips::add_layer_chips() {
    auto* layers = new QHBoxLayout;
    layers->setSpacing(space::s);
    for (const auto& row : layer_table) {
        auto* chip = add_chip(tr(row.text), tr(row.explanation));
        chip->setObjectName(QStringLiteral("layer%1").arg(layer_chips_.size() + 1));
        connect(chip, &QToolButton::toggled, this, [this] { emit layers_changed(this->layers()); });
        layer_chips_.push_back(chip);
        layers->addWidget(chip);
    }
    auto* column = new QVBoxLayout;
    column->addLayout(layers);
    column->addStretch(1);
    static_cast<QHBoxLayout*>(layout())->addLayout(column);
}

void ToyChips::add_formula(const QString& formula, const QString& label, const QString& colour_id) {
    if (has_formula(formula)) return;
    auto* chip = add_chip({}, {});
    chip->setObjectName(QStringLiteral("chip:") + formula);
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    chip->setIcon(dot(configuration_colour(colour_id)));
    chip->setIconSize(swatch_size);
    connect(chip, &QToolButton::toggled, this,
            [this, formula](bool checked) { emit formula_toggled(formula, checked); });
    for (QWidget* last : {static_cast<QWidget*>(plus_), static_cast<QWidget*>(edit_)})
        flow_->removeWidget(last);
    for (QWidget* widget :
         {static_cast<QWidget*>(chip), static_cast<QWidget*>(plus_), static_cast<QWidget*>(edit_)})
        flow_->addWidget(widget);
    formulas_ << formula;
    chips_[formula] = {chip, colour_id};
    set_label(formula, label);
    close_edit();
}

void ToyChips::set_label(const QString& formula, const QString& label) {
    const auto found = chips_.find(formula);
    if (found == chips_.end()) return;
    auto* chip = found->second.button;
    chip->setText(label);
    chip->setAccessibleName(label);
    chip->setToolTip(tr("Train with %1: a click puts it on the page or takes it off.").arg(label));
}

void ToyChips::set_checked(const QString& formula, bool checked) {
    const auto found = chips_.find(formula);
    if (found == chips_.end()) return;
    const QSignalBlocker quiet(found->second.button);
    found->second.button->setChecked(checked);
}

void ToyChips::set_layers(const ToyLayers& layers) {
    for (std::size_t i = 0; i < layer_chips_.size(); ++i) {
        const QSignalBlocker quiet(layer_chips_[i]);
        layer_chips_[i]->setChecked(layers.*layer_table[i].shown);
    }
}

ToyLayers ToyChips::layers() const {
    ToyLayers layers;
    for (std::size_t i = 0; i < layer_chips_.size(); ++i)
        layers.*layer_table[i].shown = layer_chips_[i]->isChecked();
    return layers;
}

void ToyChips::toggle_layer(std::size_t index) { layer_chips_.at(index)->toggle(); }

void ToyChips::recolour() {
    for (auto& [formula, chip] : chips_) chip.button->setIcon(dot(configuration_colour(chip.colour_id)));
}

void ToyChips::open_edit() {
    plus_->hide();
    edit_->show();
    edit_->setFocus();
}

void ToyChips::close_edit() {
    edit_->clear();
    edit_->hide();
    plus_->show();
}

bool ToyChips::eventFilter(QObject* watched, QEvent* event) {
    const bool escape =
        event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape;
    if (escape || (event->type() == QEvent::FocusOut && edit_->text().isEmpty())) close_edit();
    return QWidget::eventFilter(watched, event);
}

}  // namespace modescope
