#include "app/main_window.h"

#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QLabel>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>

#include "app/help_overlay.h"
#include "app/labs/compare_lab.h"
#include "app/labs/paint_lab.h"
#include "app/labs/toy_lab.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

QString shortcut_text(const QString& text, const QKeySequence& key) {
    return QStringLiteral("%1 (%2)").arg(text, key.toString(QKeySequence::NativeText));
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent), stack_(new QStackedWidget), facts_(new QLabel), last_fact_(new QLabel) {
    pages_ = {
        {"toy", tr("Toy"), "toy", tr("Watch a Y-shaped distribution being learned under several losses"),
         [this] { return new ToyLab(this); }},
        {"paint", tr("Paint"), "paint", tr("Paint a street and see what the noise makes of it"),
         [this] { return new PaintLab(this); }},
        {"compare", tr("Compare"), "compare", tr("See and measure what losses do with the same input and noise"),
         [this] { return new CompareLab(this); }}};
    setWindowTitle(tr("Modescope"));
    setMinimumSize(960, 600);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(build_bar());
    column->addWidget(stack_, 1);
    setCentralWidget(page);
    build_status_line();
    resize(1440, 860);
    restoreGeometry(QSettings().value("window/geometry").toByteArray());
}

QWidget* MainWindow::build_bar() {
    auto* bar = new QFrame;
    bar->setProperty("bar", true);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(space::l, space::s, space::l, space::s);
    row->setSpacing(space::s);
    auto* title = new QLabel(tr("Modescope"));
    title->setProperty("title", true);
    row->addWidget(title);
    row->addSpacing(space::l);
    auto* group = new QButtonGroup(this);
    for (std::size_t i = 0; i < pages_.size(); ++i) add_page_button(i, row, group);
    row->addStretch();
    add_tool(row, "sun-moon", tr("Light or dark"), QKeySequence(Qt::CTRL | Qt::Key_D),
             [this] { switch_scheme(); });
    add_tool(row, "help", tr("All keys of this page"), QKeySequence(Qt::Key_F1), [this] { toggle_help(); });
    return bar;
}

void MainWindow::add_page_button(std::size_t index, QHBoxLayout* row, QButtonGroup* group) {
    auto& page = pages_[index];
    const QKeySequence key(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(index)));
    auto* button = new QToolButton;
    button->setText(page.name);
    button->setIcon(icon(page.icon));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setProperty("nav", true);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(shortcut_text(page.help, key));
    button->setAccessibleName(page.name);
    connect(button, &QToolButton::clicked, this, [this, index] { show_page(index); });
    auto* action = new QAction(page.name, this);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, [this, index] { show_page(index); });
    addAction(action);
    group->addButton(button);
    row->addWidget(button);
    page.button = button;
}

void MainWindow::add_tool(QHBoxLayout* row, const QString& name, const QString& text, const QKeySequence& key,
                          const std::function<void()>& run) {
    auto* action = new QAction(icon(name), text, this);
    action->setShortcut(key);
    action->setToolTip(shortcut_text(text, key));
    connect(action, &QAction::triggered, this, run);
    addAction(action);
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    button->setProperty("tool", true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(text);
    row->addWidget(button);
}

void MainWindow::build_status_line() {
    auto* line = statusBar();
    line->setSizeGripEnabled(false);
    for (auto* label : {facts_, last_fact_}) label->setProperty("secondary", true);
    facts_->setContentsMargins(space::m, 0, 0, 0);
    last_fact_->setContentsMargins(0, 0, space::m, 0);
    line->addWidget(facts_, 1);
    line->addPermanentWidget(last_fact_);
}

void MainWindow::show_page(const QString& id) {
    for (std::size_t i = 0; i < pages_.size(); ++i)
        if (pages_[i].id == id) return show_page(i);
    show_page(std::size_t{0});
}

void MainWindow::show_page(std::size_t index) {
    current_ = index;
    pages_[index].button->setChecked(true);
    facts_->clear();
    last_fact_->clear();
    stack_->setCurrentWidget(lab(index));
    lab(index)->setFocus();
    QSettings().setValue("window/page", pages_[index].id);
}

Lab* MainWindow::lab(std::size_t index) {
    auto& page = pages_[index];
    if (page.lab) return page.lab;
    page.lab = page.make();
    stack_->addWidget(page.lab);
    connect(page.lab, &Lab::status_changed, this, [this, index](const QStringList& facts) {
        if (current_ == index) show_facts(facts);
    });
    return page.lab;
}

void MainWindow::show_facts(const QStringList& facts) {
    facts_->setText(facts.mid(0, facts.size() - 1).join(QStringLiteral("      ")));
    last_fact_->setText(facts.isEmpty() ? QString() : facts.last());
}

void MainWindow::switch_scheme() {
    const bool dark = !is_dark(palette());
    apply_theme(*qApp, dark ? Scheme::Dark : Scheme::Light);
    QSettings().setValue("window/scheme", dark ? "dark" : "light");
}

void MainWindow::toggle_help() {
    if (!help_) help_ = new HelpOverlay(this);
    if (help_->isVisible())
        help_->hide();
    else
        help_->show_keys(pages_[current_].name, lab(current_)->findChildren<QAction*>() + actions());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    QSettings().setValue("window/geometry", saveGeometry());
    QMainWindow::closeEvent(event);
}

}  // namespace modescope
