#include "app/labs/compare_rows.h"

#include <QEvent>
#include <QFileInfo>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "widgets/flow_layout.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

QString name_of(const Contestant& contestant) { return QString::fromStdString(contestant.name); }

}  // namespace

CompareRows::CompareRows(QWidget* parent)
    : QWidget(parent), layout_(new FlowLayout(this, space::s)), add_(new QToolButton(this)) {
    add_->setIcon(icon("plus"));
    add_->setText(tr("Model…"));
    add_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add_->setProperty("chip", true);
    add_->setFocusPolicy(Qt::TabFocus);
    add_->setAccessibleName(tr("Add a model"));
    add_->setToolTip(tr("Add the checkpoint of a training as a row (A)."));
    connect(add_, &QToolButton::clicked, this, &CompareRows::add_requested);
    layout_->addWidget(add_);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

std::vector<int> CompareRows::shown_indices() const {
    std::vector<int> indices;
    for (std::size_t i = 0; i < all_.size(); ++i)
        if (!hidden_.value(name_of(all_[i]))) indices.push_back(static_cast<int>(i));
    return indices;
}

std::vector<Contestant> CompareRows::shown() const {
    std::vector<Contestant> list;
    for (const int index : shown_indices()) list.push_back(all_[index]);
    return list;
}

void CompareRows::clear() {
    all_.clear();
    rebuild();
}

/// The truth stays last, where the eye compares with it.
void CompareRows::add(const Contestant& contestant) {
    const auto same = [&](const Contestant& other) { return other.hash == contestant.hash; };
    if (std::ranges::any_of(all_, same)) return;
    const bool before_truth = contestant.sampler && !all_.empty() && !all_.back().sampler;
    all_.insert(before_truth ? std::prev(all_.end()) : all_.end(), contestant);
    rebuild();
}

void CompareRows::move(int row, int by) {
    const auto indices = shown_indices();
    const int target = row + by;
    if (target < 0 || target >= static_cast<int>(indices.size())) return;
    std::swap(all_[indices[row]], all_[indices[target]]);
    rebuild();
}

void CompareRows::set_shown(const QString& name, bool shown) {
    hidden_[name] = !shown;
    rebuild();
}

void CompareRows::hide_row(int row) { set_shown(name_of(all_[shown_indices().at(row)]), false); }

void CompareRows::remove_row(int row) {
    all_.erase(all_.begin() + shown_indices().at(row));
    rebuild();
}

void CompareRows::remove_truth() {
    std::erase_if(all_, [](const Contestant& contestant) { return !contestant.sampler; });
    rebuild();
}

void CompareRows::rebuild() {
    while (auto* item = layout_->takeAt(0)) {
        if (item->widget() != add_) item->widget()->deleteLater();
        delete item;
    }
    for (const auto& contestant : all_) layout_->addWidget(make_chip(contestant));
    layout_->addWidget(add_);
    updateGeometry();
    emit changed();
}

QToolButton* CompareRows::make_chip(const Contestant& contestant) {
    const auto name = name_of(contestant);
    auto* chip = new QToolButton(this);
    chip->setText(QString::fromStdString(contestant.label()));
    chip->setIcon(dot(configuration_colour(QString::fromStdString(contestant.configuration()))));
    chip->setIconSize(swatch_size);
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    chip->setProperty("chip", true);
    chip->setCheckable(true);
    chip->setChecked(!hidden_.value(name));
    chip->setFocusPolicy(Qt::TabFocus);
    chip->setAccessibleName(name);
    chip->setToolTip(contestant.sampler
                         ? tr("%1: a click shows or hides its row.").arg(name)
                         : tr("Fresh true pictures of the same input: what a perfect model would draw."));
    connect(chip, &QToolButton::toggled, this, [this, name](bool on) { set_shown(name, on); });
    chip->show();
    return chip;
}

/// Configurations have other shades in the other scheme.
void CompareRows::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) rebuild();
}

}  // namespace modescope
