#include "app/labs/compare/compare_rows.h"

#include <QEvent>
#include <QMenu>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "widgets/flow_layout.h"
#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

QString hash_of(const Contestant& contestant) { return QString::fromStdString(contestant.hash); }

/// What it is remembered by: another training may replace the file.
QString key_of(const Contestant& contestant) {
    return contestant.sampler ? QString::fromStdString(contestant.path) : QStringLiteral("truth");
}

QIcon dot_of(const Contestant& contestant) {
    return dot(configuration_colour(QString::fromStdString(contestant.configuration())));
}

QToolButton* make_add_chip(QMenu* menu, QWidget* parent) {
    auto* chip = new QToolButton(parent);
    chip->setObjectName("compare.add");
    chip->setText(CompareRows::tr("+ Model…"));
    chip->setProperty("chip", true);
    chip->setPopupMode(QToolButton::InstantPopup);
    chip->setMenu(menu);
    chip->setFocusPolicy(Qt::TabFocus);
    chip->setAccessibleName(CompareRows::tr("Add a model"));
    chip->setToolTip(CompareRows::tr("Add a model of the library, or any model file (A)."));
    take_space(chip);
    return chip;
}

}  // namespace

CompareRows::CompareRows(QWidget* parent)
    : QWidget(parent), layout_(new FlowLayout(this, space::s)), add_menu_(new QMenu(this)) {
    layout_->setContentsMargins({});
    layout_->addWidget(add_ = make_add_chip(add_menu_, this));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

std::vector<int> CompareRows::shown_indices() const {
    std::vector<int> indices;
    for (std::size_t i = 0; i < all_.size(); ++i)
        if (!hidden_.value(hash_of(all_[i]))) indices.push_back(static_cast<int>(i));
    return indices;
}

std::vector<Contestant> CompareRows::shown() const {
    std::vector<Contestant> list;
    for (const int index : shown_indices()) list.push_back(all_[index]);
    return list;
}

std::shared_ptr<const Sampler> CompareRows::first_model() const {
    for (const auto& contestant : all_)
        if (contestant.sampler) return contestant.sampler;
    return {};
}

void CompareRows::clear() {
    all_.clear();
    expected_ = {};
    arrange();
}

CompareRows::Arrangement CompareRows::arrangement() const {
    Arrangement arrangement;
    for (const auto& row : all_) {
        arrangement.order << key_of(row);
        if (hidden_.value(hash_of(row))) arrangement.hidden << key_of(row);
    }
    return arrangement;
}

void CompareRows::expect(const Arrangement& arrangement) { expected_ = arrangement; }

/// The truth stays last unless it was moved, where the eye compares with it.
std::vector<Contestant>::iterator CompareRows::place_of(const Contestant& contestant) {
    const auto place = expected_.order.indexOf(key_of(contestant));
    const bool before_truth = contestant.sampler && !all_.empty() && !all_.back().sampler;
    if (place < 0) return before_truth ? std::prev(all_.end()) : all_.end();
    return std::ranges::find_if(
        all_, [&](const Contestant& row) { return expected_.order.indexOf(key_of(row)) > place; });
}

void CompareRows::add(const Contestant& contestant) {
    const auto same = [&](const Contestant& other) { return other.hash == contestant.hash; };
    if (std::ranges::any_of(all_, same)) return set_shown(hash_of(contestant), true);
    if (expected_.hidden.removeAll(key_of(contestant)) > 0) hidden_[hash_of(contestant)] = true;
    all_.insert(place_of(contestant), contestant);
    arrange();
}

void CompareRows::move(int row, int by) {
    const auto indices = shown_indices();
    const int target = row + by;
    if (target < 0 || target >= static_cast<int>(indices.size())) return;
    std::swap(all_[indices[row]], all_[indices[target]]);
    arrange();
}

void CompareRows::set_shown(const QString& hash, bool shown) {
    hidden_[hash] = !shown;
    arrange();
}

void CompareRows::hide_row(int row) { set_shown(hash_of(all_[shown_indices().at(row)]), false); }

void CompareRows::remove_row(int row) {
    all_.erase(all_.begin() + shown_indices().at(row));
    arrange();
}

void CompareRows::set_truth(bool known) {
    const bool there = std::ranges::any_of(all_, [](const Contestant& row) { return !row.sampler; });
    if (known == there) return;
    if (known) return add(open_contestant("truth"));
    std::erase_if(all_, [](const Contestant& contestant) { return !contestant.sampler; });
    arrange();
}

/// Chips that stay keep the focus.
void CompareRows::arrange() {
    while (auto* item = layout_->takeAt(0)) delete item;
    auto gone = std::exchange(chips_, {});
    const auto labels = labels_of(all_);
    for (std::size_t i = 0; i < all_.size(); ++i) {
        chips_[hash_of(all_[i])] = gone.take(hash_of(all_[i]));
        auto* chip = chip_of(all_[i]);
        chip->setText(QString::fromStdString(labels[i]));
        layout_->addWidget(chip);
    }
    layout_->addWidget(add_);
    for (auto* chip : gone) {
        chip->hide();
        chip->deleteLater();
    }
    layout_->invalidate();
    updateGeometry();
    emit changed();
}

QToolButton* CompareRows::chip_of(const Contestant& contestant) {
    auto*& chip = chips_[hash_of(contestant)];
    if (!chip) chip = make_chip(contestant);
    const QSignalBlocker quiet(chip);
    chip->setIcon(dot_of(contestant));
    chip->setChecked(!hidden_.value(hash_of(contestant)));
    return chip;
}

QToolButton* CompareRows::make_chip(const Contestant& contestant) {
    const auto name = QString::fromStdString(contestant.name), hash = hash_of(contestant);
    auto* chip = new QToolButton(this);
    chip->setObjectName("compare.row." + name);
    chip->setIconSize(swatch_size);
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    chip->setProperty("chip", true);
    chip->setCheckable(true);
    chip->setFocusPolicy(Qt::TabFocus);
    chip->setAccessibleName(name);
    chip->setToolTip(contestant.sampler
                         ? tr("%1: a click shows or hides its row.").arg(name)
                         : tr("Fresh true pictures of the same input: what a perfect model would draw."));
    take_space(chip);
    connect(chip, &QToolButton::toggled, this, [this, hash](bool on) { set_shown(hash, on); });
    chip->show();
    return chip;
}

/// Configurations have other shades in the other scheme.
void CompareRows::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    for (const auto& contestant : all_) chip_of(contestant);
}

}  // namespace modescope
