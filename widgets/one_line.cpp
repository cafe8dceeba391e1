#include "widgets/one_line.h"

#include <QAction>
#include <QEvent>
#include <QMenu>
#include <QToolButton>
#include <algorithm>

#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {

namespace {

constexpr int gap = space::s;

}  // namespace

OneLine::OneLine(QWidget* parent) : QWidget(parent), more_(new QToolButton(this)) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* menu = new QMenu(more_);
    menu->setToolTipsVisible(true);
    more_->setObjectName("more");
    more_->setText(tr("More"));
    more_->setMenu(menu);
    more_->setPopupMode(QToolButton::InstantPopup);
    more_->setProperty("chip", true);
    more_->setFocusPolicy(Qt::TabFocus);
    more_->setAccessibleName(tr("More operations"));
    more_->setToolTip(tr("What has no room in this line."));
    take_space(more_);
    more_->hide();
    connect(menu, &QMenu::aboutToShow, this, &OneLine::fill_menu);
}

void OneLine::add(QToolButton* button) {
    button->setParent(this);
    entries_.push_back({button});
    setTabOrder(button, more_);
    updateGeometry();
}

void OneLine::set_used(QToolButton* button, bool used) {
    std::ranges::find(entries_, button, &Entry::button)->used = used;
    updateGeometry();
    arrange();
}

/// Of the first of the used ones, side by side.
int OneLine::width_of(std::size_t entries) const {
    int width = 0;
    for (std::size_t i = 0; i < entries; ++i)
        if (entries_[i].used) width += entries_[i].button->sizeHint().width() + gap;
    return std::max(0, width - gap);
}

void OneLine::arrange() {
    auto fitting = entries_.size();
    if (width_of(fitting) > width())
        while (fitting > 0 && width_of(fitting) + gap + more_->sizeHint().width() > width()) --fitting;
    int left = 0;
    const auto place = [&](QToolButton* button, bool shown) {
        button->setVisible(shown);
        if (!shown) return;
        button->setGeometry({QPoint(left, 0), QSize(button->sizeHint().width(), height())});
        left += button->width() + gap;
    };
    for (std::size_t i = 0; i < entries_.size(); ++i)
        place(entries_[i].button, entries_[i].used && i < fitting);
    place(more_, std::any_of(entries_.begin() + static_cast<std::ptrdiff_t>(fitting), entries_.end(),
                             [](const Entry& entry) { return entry.used; }));
}

void OneLine::fill_menu() {
    QMenu* menu = more_->menu();
    menu->clear();
    for (const auto& [button, used] : entries_)
        if (used && button->isHidden()) menu->addAction(button->defaultAction());
}

QSize OneLine::sizeHint() const { return {width_of(entries_.size()), minimumSizeHint().height()}; }

QSize OneLine::minimumSizeHint() const {
    int height = more_->sizeHint().height();
    for (const auto& [button, used] : entries_) height = std::max(height, button->sizeHint().height());
    return {more_->sizeHint().width(), height};
}

void OneLine::resizeEvent(QResizeEvent*) { arrange(); }

/// Texts, fonts and styles change the widths.
bool OneLine::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) arrange();
    return QWidget::event(event);
}

}  // namespace modescope
