#include "widgets/class_palette.h"

#include <QBoxLayout>
#include <QKeyEvent>
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

ClassPalette::ClassPalette(QWidget* parent)
    : QWidget(parent), filter_(new QLineEdit(this)), chips_(new QWidget(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::m);
    column->addWidget(filter_);
    column->addWidget(chips_);
    (new FlowLayout(chips_, space::m))->setContentsMargins({});
    filter_->hide();
    filter_->setObjectName("class_filter");
    filter_->setClearButtonEnabled(true);
    filter_->setPlaceholderText(tr("Find a class"));
    filter_->setAccessibleName(tr("Find a class"));
    filter_->setToolTip(tr("Type a part of a name (Ctrl+F); Enter takes the first class, Escape shows all."));
    filter_->installEventFilter(this);
    connect(filter_, &QLineEdit::textChanged, this, &ClassPalette::narrow);
    connect(filter_, &QLineEdit::returnPressed, this, &ClassPalette::take_first);
    setAccessibleName(tr("Classes"));
    setAccessibleDescription(tr("What the brush paints"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&group_, &QButtonGroup::idClicked, this, &ClassPalette::chosen);
}

void ClassPalette::set_classes(const std::vector<LabelClass>& classes) {
    qDeleteAll(group_.buttons());
    filter_->clear();
    filter_->setVisible(classes.size() > many_classes);
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
    auto* chip = new Chip(name, key, chips_);
    chip->setIcon(swatch(QColor(red, green, blue)));
    chip->setToolTip(key.isEmpty() ? tr("Paint %1").arg(name) : tr("Paint %1 (key %2)").arg(name, key));
    chip->setAccessibleName(tr("Paint %1").arg(name));
    group_.addButton(chip, index);
    chips_->layout()->addWidget(chip);
}

/// The chosen class stays chosen when its chip goes.
void ClassPalette::narrow(const QString& typed) {
    for (QAbstractButton* chip : group_.buttons())
        chip->setVisible(chip->text().contains(typed.trimmed(), Qt::CaseInsensitive));
}

void ClassPalette::take_first() {
    for (int i = 0; QAbstractButton* chip = group_.button(i); ++i) {
        if (chip->isHidden()) continue;
        chip->click();
        filter_->clear();
        return emit left();
    }
}

bool ClassPalette::eventFilter(QObject*, QEvent* event) {
    const bool asked = event->type() == QEvent::ShortcutOverride;
    if (!asked && event->type() != QEvent::KeyPress) return false;
    const int key = static_cast<QKeyEvent*>(event)->key();
    // Else they would be commands of the page.
    if (asked && (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter)) {
        event->accept();
        return true;
    }
    if (asked || key != Qt::Key_Escape) return false;
    filter_->clear();
    emit left();
    return true;
}

}  // namespace modescope
