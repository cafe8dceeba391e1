#include "widgets/class_palette.h"

#include <QPainter>
#include <QToolButton>

#include "widgets/flow_layout.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int digit_keys = 9;

/// A chip that shows its digit key in a fainter colour than its name.
class Chip : public QToolButton {
public:
    Chip(const QString& name, const QString& key, QWidget* parent) : QToolButton(parent), key_(key) {
        setText(name);
        setCheckable(true);
        setProperty("chip", true);
        setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        setIconSize(swatch_size);
    }

    QSize sizeHint() const override {
        const int key_width = key_.isEmpty() ? 0 : fontMetrics().horizontalAdvance(key_) + space::s;
        return QToolButton::sizeHint() + QSize(key_width, 0);
    }

protected:
    void paintEvent(QPaintEvent* event) override {
        QToolButton::paintEvent(event);
        QPainter painter(this);
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect().adjusted(0, 0, -key_margin, 0), Qt::AlignRight | Qt::AlignVCenter, key_);
    }

private:
    static constexpr int key_margin = 11;

    QString key_;
};

}  // namespace

ClassPalette::ClassPalette(QWidget* parent) : QWidget(parent) {
    new FlowLayout(this, space::m);
    setAccessibleName(tr("Classes"));
    setAccessibleDescription(tr("What the brush paints"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&group_, &QButtonGroup::idClicked, this, &ClassPalette::chosen);
}

void ClassPalette::set_classes(const std::vector<LabelClass>& classes) {
    qDeleteAll(group_.buttons());
    for (int i = 0; i < static_cast<int>(classes.size()); ++i) add_chip(classes[i], i);
    set_current(0);
}

void ClassPalette::set_current(int index) {
    if (QAbstractButton* chip = group_.button(index)) chip->setChecked(true);
}

void ClassPalette::add_chip(const LabelClass& label_class, int index) {
    const QString name = QString::fromStdString(label_class.name);
    const QString key = index < digit_keys ? QString::number(index + 1) : QString();
    const auto [red, green, blue] = label_class.colour;
    auto* chip = new Chip(name, key, this);
    chip->setIcon(swatch(QColor(red, green, blue)));
    chip->setToolTip(key.isEmpty() ? tr("Paint %1").arg(name) : tr("Paint %1 (key %2)").arg(name, key));
    chip->setAccessibleName(tr("Paint %1").arg(name));
    group_.addButton(chip, index);
    layout()->addWidget(chip);
}

}  // namespace modescope
