#include "widgets/message_strip.h"

#include <QAccessible>
#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <utility>

#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

QColor severity_colour(MessageStrip::Severity severity, const QPalette& palette) {
    const bool dark = is_dark(palette);
    switch (severity) {
        case MessageStrip::Severity::Warning:
            return dark ? QColor(0xe6, 0x9f, 0x00) : QColor(0xb3, 0x6b, 0x00);
        case MessageStrip::Severity::Error:
            return dark ? QColor(0xf2, 0x6d, 0x5b) : QColor(0xc0, 0x2b, 0x1d);
        case MessageStrip::Severity::Info:
            break;
    }
    return palette.color(QPalette::Highlight);
}

QString severity_word(MessageStrip::Severity severity) {
    switch (severity) {
        case MessageStrip::Severity::Warning:
            return MessageStrip::tr("Warning");
        case MessageStrip::Severity::Error:
            return MessageStrip::tr("Problem");
        case MessageStrip::Severity::Info:
            break;
    }
    return MessageStrip::tr("Hint");
}

}  // namespace

MessageStrip::MessageStrip(QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel(this)),
      text_(new QLabel(this)),
      button_(new QPushButton(this)),
      second_button_(new QPushButton(this)) {
    text_->setWordWrap(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(this);
    close->setProperty("flat", true);
    close->setAutoRaise(true);
    close->setIcon(icon(QStringLiteral("close"), QPalette::WindowText));
    close->setToolTip(tr("Hide this message (Esc)."));
    close->setAccessibleName(tr("Hide this message"));
    for (QAbstractButton* button : std::initializer_list<QAbstractButton*>{button_, second_button_, close})
        take_space(button);
    connect(close, &QToolButton::clicked, this, &MessageStrip::dismiss);
    connect(button_, &QPushButton::clicked, this, [this] { run(action_); });
    connect(second_button_, &QPushButton::clicked, this, [this] { run(second_action_); });
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(space::l, space::s, space::s, space::s);
    layout->setSpacing(space::m);
    layout->addWidget(icon_);
    layout->addWidget(text_, 1);
    layout->addWidget(button_);
    layout->addWidget(second_button_);
    layout->addWidget(close);
    hide();
}

void MessageStrip::show_message(Severity severity, const QString& text, const QString& action_label,
                                std::function<void()> action) {
    severity_ = severity;
    action_ = std::move(action);
    text_->setText(text);
    button_->setText(action_label);
    button_->setVisible(!action_label.isEmpty());
    second_action_ = nullptr;
    second_button_->hide();
    setAccessibleName(text);
    setAccessibleDescription(severity_word(severity));
    restyle();
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void MessageStrip::add_choice(const QString& label, std::function<void()> action) {
    second_action_ = std::move(action);
    second_button_->setText(label);
    second_button_->show();
}

QString MessageStrip::text() const { return text_->text(); }

/// The focus goes back to the page, not on to what comes next by Tab.
void MessageStrip::dismiss() {
    if (parentWidget() && isAncestorOf(QApplication::focusWidget())) parentWidget()->setFocus();
    hide();
    action_ = second_action_ = nullptr;
    emit closed();
}

void MessageStrip::run(std::function<void()>& action) {
    const auto chosen = std::exchange(action, nullptr);
    dismiss();
    if (chosen) chosen();
}

void MessageStrip::restyle() {
    const QString name = severity_ == Severity::Info ? QStringLiteral("info") : QStringLiteral("warning");
    icon_->setPixmap(icon(name, QPalette::WindowText).pixmap(QSize(16, 16), devicePixelRatioF()));
    update();
}

/// A wash of the severity's colour, with a full stripe at the left for those who see no difference in hue.
void MessageStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QColor colour = severity_colour(severity_, palette());
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(rect(), 4, 4);
    painter.setClipRect(0, 0, 4, height());
    painter.setBrush(colour);
    painter.drawRoundedRect(rect(), 4, 4);
    painter.setClipping(false);
    colour.setAlphaF(0.16f);
    painter.setBrush(colour);
    painter.drawRoundedRect(rect(), 4, 4);
}

void MessageStrip::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) restyle();
}

void MessageStrip::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        dismiss();
    else
        QFrame::keyPressEvent(event);
}

}  // namespace modescope
