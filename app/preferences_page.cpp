#include "app/preferences_page.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QToolButton>

#include "app/shortcut_editor.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int widest = 960;

QLabel* heading(const QString& text, const char* kind) {
    auto* label = new QLabel(text);
    label->setProperty(kind, true);
    return label;
}

}  // namespace

PreferencesPage::PreferencesPage(ActionRegistry& registry, QWidget* parent)
    : QWidget(parent), keys_(new ShortcutEditor(registry)), scheme_(new QComboBox) {
    auto* column_widget = new QWidget;
    column_widget->setMaximumWidth(widest);
    auto* column = new QVBoxLayout(column_widget);
    column->setContentsMargins(space::l, space::l, space::l, space::l);
    column->setSpacing(space::m);
    column->addWidget(build_heading());
    column->addWidget(build_look());
    column->addSpacing(space::m);
    column->addWidget(heading(tr("Keys"), "heading"));
    column->addWidget(keys_, 1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->addStretch(1);
    row->addWidget(column_widget, 100);
    row->addStretch(1);
    setFocusProxy(keys_);
}

QWidget* PreferencesPage::build_heading() {
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins({});
    row->addWidget(heading(tr("Preferences"), "title"), 1);
    auto* close = new QToolButton;
    close->setProperty("tool", true);
    close->setIcon(icon("close"));
    close->setToolTip(tr("Back to the page of before (Esc)."));
    close->setAccessibleName(tr("Close the preferences"));
    connect(close, &QToolButton::clicked, this, &PreferencesPage::closed);
    row->addWidget(close);
    return bar;
}

QWidget* PreferencesPage::build_look() {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    scheme_->addItem(tr("As the desktop"), QVariant::fromValue(static_cast<int>(Scheme::System)));
    scheme_->addItem(tr("Light"), QVariant::fromValue(static_cast<int>(Scheme::Light)));
    scheme_->addItem(tr("Dark"), QVariant::fromValue(static_cast<int>(Scheme::Dark)));
    scheme_->setObjectName("scheme");
    scheme_->setAccessibleName(tr("Colours"));
    scheme_->setToolTip(tr("Whether the window is light or dark."));
    connect(scheme_, &QComboBox::activated, this,
            [this] { emit scheme_chosen(static_cast<Scheme>(scheme_->currentData().toInt())); });
    auto* layout = new QPushButton(tr("Reset layout"));
    layout->setObjectName("reset_layout");
    layout->setToolTip(tr("Give the window and its pages the sizes and docks of the first start."));
    connect(layout, &QPushButton::clicked, this, &PreferencesPage::layout_reset_requested);
    row->addWidget(new QLabel(tr("Colours")));
    row->addWidget(scheme_);
    row->addStretch();
    row->addWidget(layout);
    return box;
}

void PreferencesPage::refresh() {
    const QString stored = QSettings().value("window/scheme").toString();
    scheme_->setCurrentIndex(stored == "light" ? 1 : stored == "dark" ? 2 : 0);
    keys_->rebuild();
}

void PreferencesPage::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit closed();
    QWidget::keyPressEvent(event);
}

}  // namespace modescope
