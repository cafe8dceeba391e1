#include "app/labs/section.h"

#include <QAction>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/theme.h"

namespace modescope {

Section::Section(QWidget* content, QAction* toggle, QWidget* parent)
    : QWidget(parent), content_(content), toggle_(toggle), heading_(new QToolButton(this)) {
    heading_->setProperty("heading", true);
    heading_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    heading_->setIconSize({12, 12});
    heading_->setFocusPolicy(Qt::TabFocus);
    heading_->setToolTip(toggle->toolTip());
    heading_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(heading_, &QToolButton::clicked, toggle_, &QAction::trigger);
    connect(toggle_, &QAction::toggled, this, &Section::fold);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(space::s);
    layout->addWidget(heading_, 0, Qt::AlignLeft);
    layout->addWidget(content_, 1);
    fold(toggle_->isChecked());
}

void Section::set_title(const QString& title) {
    heading_->setText(title);
    heading_->setAccessibleName(title);
}

bool Section::is_open() const { return toggle_->isChecked(); }

int Section::heading_height() const { return heading_->sizeHint().height() + space::s; }

void Section::set_open(bool open) { toggle_->setChecked(open); }

void Section::fold(bool open) {
    content_->setVisible(open);
    heading_->setIcon(icon(open ? "chevron-down" : "chevron-right", QPalette::PlaceholderText));
    setMaximumHeight(open ? QWIDGETSIZE_MAX : heading_->sizeHint().height());
    emit toggled(open);
}

}  // namespace modescope
