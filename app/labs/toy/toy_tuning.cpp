#include "app/labs/toy/toy_tuning.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int notches_per_decade = 50, decades_each_way = 2, linear_notches = 100;
constexpr double smallest = 1e-6;

double as_number(const FieldValue& value) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    return whole ? static_cast<double>(*whole) : std::get<double>(value);
}

/// Fields that change nothing in this configuration are left out.
bool matters(const Field& field, const Spec& spec) {
    if (!field.live) return false;
    if (field.key == "objective.samples") return spec.objective.samples_per_condition() > 1;
    if (field.key == "training.learning_rate_ratio") return spec.objective.needs_discriminator();
    return !field.key.starts_with("objective.") || as_number(field.get(spec)) > 0;
}

/// So that names stay short: 9.1·GAN.
double two_digits(double value) {
    const double unit = std::pow(10, std::floor(std::log10(value)) - 1);
    return std::round(value / unit) * unit;
}

/// Shows three significant digits, whatever the size; steps by a tenth, by 1 at least if whole, from 0 to
/// 0.01.
class LogBox : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;

    QString textFromValue(double value) const override { return QString::number(value, 'g', 3); }
    void stepBy(int steps) override {
        if (value() <= 0) return setValue(0.01 * steps);
        const double wanted = value() * std::pow(1.1, steps);
        setValue(decimals() > 0 || std::abs(wanted - value()) >= 1 ? wanted : value() + steps);
    }
};

}  // namespace

/// Where a slider's notches lie: two decades either way of the value it begins with, or, from 0, evenly up to
/// 1. The box beside it takes any value.
struct ToyTuning::Scale {
    double begin;

    bool is_linear() const { return begin <= 0; }
    double least() const { return is_linear() ? 0 : begin / std::pow(10, decades_each_way); }
    double most() const { return is_linear() ? 1 : begin * std::pow(10, decades_each_way); }
    int notch(double value) const {
        if (is_linear()) return qRound(linear_notches * value);
        return qRound(notches_per_decade * std::log10(std::max(value, smallest) / begin));
    }
    double value(int notch) const {
        if (is_linear()) return static_cast<double>(notch) / linear_notches;
        return two_digits(begin * std::pow(10, static_cast<double>(notch) / notches_per_decade));
    }
};

ToyTuning::ToyTuning(QWidget* parent)
    : QFrame(parent), heading_(new QLabel(this)), column_(new QVBoxLayout(this)) {
    setProperty("card", true);
    setFixedWidth(264);
    heading_->setProperty("heading", true);
    heading_->setWordWrap(true);
    auto* hint = new QLabel(tr("Takes effect at the next step, without a restart."), this);
    hint->setProperty("secondary", true);
    hint->setWordWrap(true);
    column_->setContentsMargins(space::l, space::m, space::l, space::l);
    column_->setSpacing(space::m);
    column_->addWidget(heading_);
    column_->addWidget(hint);
    column_->addStretch(1);
}

void ToyTuning::set_heading(const Spec& spec) {
    heading_->setText(QString::fromStdString(spec.objective.label()));
}

void ToyTuning::show_spec(const Spec& spec, const Spec& usual) {
    set_heading(spec);
    usual_ = usual;
    boxes_.clear();
    delete controls_;
    controls_ = new QWidget(this);
    auto* rows = new QVBoxLayout(controls_);
    rows->setContentsMargins(0, space::m, 0, 0);
    rows->setSpacing(space::s);
    for (const auto& field : fields())
        if (matters(field, spec)) add_control(field, spec);
    add_reset(rows);
    column_->insertWidget(column_->count() - 1, controls_);
    controls_->show();
}

void ToyTuning::add_reset(QVBoxLayout* rows) {
    reset_ = new QPushButton(icon("undo"), tr("Reset"), controls_);
    reset_->setObjectName("tuning_reset");
    reset_->setToolTip(tr("Back to the weights and settings that this configuration begins with."));
    reset_->setEnabled(is_tuned());
    connect(reset_, &QPushButton::clicked, this, [this] {
        for (const auto& [box, usual] : boxes_) box->setValue(usual);
    });
    rows->addSpacing(space::m);
    rows->addWidget(reset_);
}

bool ToyTuning::is_tuned() const {
    return std::ranges::any_of(
        boxes_, [](const auto& row) { return std::abs(row.first->value() - row.second) >= smallest; });
}

QSlider* ToyTuning::make_slider(const Scale& scale, const QDoubleSpinBox& box) {
    auto* slider = new QSlider(Qt::Horizontal, controls_);
    slider->setRange(scale.notch(std::max(box.minimum(), scale.least())),
                     scale.notch(std::min(box.maximum(), scale.most())));
    slider->setPageStep(notches_per_decade / 5);
    return slider;
}

void ToyTuning::add_control(const Field& field, const Spec& spec) {
    const double value = as_number(field.get(spec)), begin = as_number(field.get(usual_));
    const bool whole = std::holds_alternative<std::int64_t>(field.get(spec));
    const Scale scale{begin};
    auto* box = new LogBox(controls_);
    box->setObjectName(QString::fromStdString(field.key));
    box->setDecimals(whole ? 0 : 6);
    // A weight of 0 would take its term away, and with it a network.
    box->setRange(begin > 0 ? std::max(field.min, smallest) : field.min, field.max);
    box->setValue(value);
    box->setKeyboardTracking(false);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setFixedWidth(92);
    auto* slider = make_slider(scale, *box);
    slider->setValue(scale.notch(value));
    boxes_.emplace_back(box, begin);
    connect(slider, &QSlider::valueChanged, box, [=](int notch) { box->setValue(scale.value(notch)); });
    connect(box, &QDoubleSpinBox::valueChanged, this, [=, this, key = field.key](double value) {
        const QSignalBlocker quiet(slider);
        slider->setValue(scale.notch(value));
        emit retuned(key, value);
        reset_->setEnabled(is_tuned());
    });
    lay_out(field, box, slider);
}

void ToyTuning::lay_out(const Field& field, QWidget* box, QWidget* slider) {
    auto* name = new QLabel(QString::fromStdString(field.label), controls_);
    for (QWidget* widget : {static_cast<QWidget*>(name), box, slider})
        widget->setToolTip(QString::fromStdString(field.help));
    for (QWidget* widget : {box, slider}) widget->setAccessibleName(name->text());
    auto* head = new QHBoxLayout;
    head->addWidget(name, 1);
    head->addWidget(box);
    auto* rows = static_cast<QVBoxLayout*>(controls_->layout());
    rows->addLayout(head);
    rows->addWidget(slider);
}

}  // namespace modescope
