#include "app/main_window.h"

#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QDropEvent>
#include <QHelpEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>
#include <QToolTip>
#include <algorithm>

#include "app/command_search.h"
#include "app/help_overlay.h"
#include "app/labs/compare/compare_lab.h"
#include "app/labs/paint/paint_document.h"
#include "app/labs/paint/paint_hints.h"
#include "app/labs/paint/paint_lab.h"
#include "app/labs/quiz/quiz_lab.h"
#include "app/labs/toy/toy_lab.h"
#include "app/labs/train/train_lab.h"
#include "app/preferences_page.h"
#include "widgets/tab_order.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr QSize first_size(1440, 860);

QString shortcut_text(const QString& text, const QKeySequence& key) {
    return QStringLiteral("%1 (%2)").arg(text, key.toString(QKeySequence::NativeText));
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent), stack_(new QStackedWidget), facts_(new QLabel), last_fact_(new QLabel) {
    pages_ = {{"toy", tr("Toy"), "toy", tr("Watch a distribution being learned under several losses"),
               [this] { return new ToyLab(this); }},
              {"paint", tr("Paint"), "paint", tr("Paint a street and see what the noise makes of it"),
               [this] { return make_paint_lab(); }},
              {"quiz", tr("Quiz"), "quiz",
               tr("Let people judge which pictures are real, and see how real each model's look"),
               [this] { return new QuizLab(this); }},
              {"compare", tr("Compare"), "compare",
               tr("See and measure what losses do with the same input and noise"),
               [this] { return make_compare_lab(); }},
              {"train", tr("Train"), "train",
               tr("Train models of your own, on a world or on your pictures, and watch them learn"),
               [this] { return make_train_lab(); }}};
    setAcceptDrops(true);
    setMinimumSize(960, 600);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(build_bar());
    column->addWidget(stack_, 1);
    setCentralWidget(page);
    build_status_line();
    resize(first_size);
    restoreGeometry(QSettings().value("window/geometry").toByteArray());
    collect_actions();
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow() = default;

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
    row->addWidget(document_button_ = build_document_button());
    add_actions();
    for (const char* id : {"search", "scheme", "preferences", "help"}) add_tool(row, id);
    return bar;
}

QToolButton* MainWindow::build_document_button() {
    auto* button = new QToolButton;
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(tr("The drawing as a file: with its seeds, pins and models."));
    button->hide();
    return button;
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
    add_action(qPrintable("page_" + page.id), page.icon, tr("Go to %1").arg(page.name), page.help, {key},
               [this, index] { show_page(index); });
    group->addButton(button);
    row->addWidget(button);
    page.button = button;
}

QAction* MainWindow::add_action(const char* id, const QString& icon_name, const QString& text,
                                const QString& help, const QList<QKeySequence>& keys,
                                const std::function<void()>& run) {
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(id));
    if (!icon_name.isEmpty()) action->setIcon(icon(icon_name));
    action->setShortcuts(keys);
    action->setToolTip(keys.isEmpty() ? help : shortcut_text(help, keys.front()));
    connect(action, &QAction::triggered, this, run);
    addAction(action);
    return action;
}

void MainWindow::add_actions() {
    add_action("search", "search", tr("Find a command"),
               tr("Find anything that this page can do by a few letters of its name"),
               {QKeySequence("Ctrl+Shift+P"), QKeySequence("Ctrl+K")}, [this] { search_commands(); });
    add_action("scheme", "sun-moon", tr("Light or dark"), tr("Switch between light and dark"),
               {QKeySequence("Ctrl+D")}, [this] { switch_scheme(); });
    add_action("preferences", "settings", tr("Preferences"), tr("Choose colours and keys"),
               {QKeySequence("Ctrl+,")}, [this] { show_preferences(); });
    add_action("help", "help", tr("Show all keys"), tr("All keys of this page"), {QKeySequence(Qt::Key_F1)},
               [this] { toggle_help(); });
    add_action("reset_layout", {}, tr("Reset layout"),
               tr("Give the window and its pages the sizes and docks of the first start"), {},
               [this] { reset_layout(); });
    add_action("quit", {}, tr("Quit"), tr("Keep everything as it is and close the program"),
               {QKeySequence("Ctrl+Q")}, [this] { close(); });
}

void MainWindow::add_tool(QHBoxLayout* row, const char* id) {
    auto* action = findChild<QAction*>(QLatin1String(id), Qt::FindDirectChildrenOnly);
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    button->setProperty("tool", true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
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
    show_title();
    QSettings().setValue("window/page", pages_[index].id);
}

Lab* MainWindow::lab(std::size_t index) {
    auto& page = pages_[index];
    if (page.lab) return page.lab;
    page.lab = page.make();
    stack_->addWidget(page.lab);
    registry_.add(page.id, page.name, page.lab);
    connect(page.lab, &Lab::status_changed, this, [this, index](const QStringList& facts) {
        if (current_ == index) show_facts(facts);
    });
    return page.lab;
}

Lab* MainWindow::make_paint_lab() {
    auto* lab = new PaintLab(this);
    document_ = std::make_unique<PaintDocument>(*lab);
    document_button_->setMenu(document_->menu());
    connect(document_.get(), &PaintDocument::title_changed, this, &MainWindow::show_title);
    document_->restore_session();
    new PaintHints(*lab);
    return lab;
}

Lab* MainWindow::make_compare_lab() {
    auto* compare = new CompareLab(this);
    connect(compare, &CompareLab::drawing_requested, this, [this, compare] {
        auto* paint = lab_of<PaintLab>("paint");
        connect(
            paint, &PaintLab::settled, compare, [=] { compare->show_drawing(paint->drawing()); },
            Qt::SingleShotConnection);
        paint->settle();
    });
    return compare;
}

Lab* MainWindow::make_train_lab() {
    auto* train = new TrainLab(this);
    connect(train, &TrainLab::paint_requested, this, [this](const QString& model) {
        show_page(QStringLiteral("paint"));
        lab_of<PaintLab>("paint")->open_model(model);
    });
    connect(train, &TrainLab::compare_requested, this, [this](const QString& model) {
        show_page(QStringLiteral("compare"));
        lab_of<CompareLab>("compare")->open_model(model);
    });
    return train;
}

template <class Page>
Page* MainWindow::lab_of(const char* id) {
    const auto found = std::ranges::find(pages_, QLatin1String(id), &MainWindow::Page::id);
    return static_cast<Page*>(lab(static_cast<std::size_t>(found - pages_.begin())));
}

PaintDocument& MainWindow::document() {
    show_page(QStringLiteral("paint"));
    return *document_;
}

void MainWindow::open(const QString& path) { document().open(path); }

/// With the drawing's name where that is shown.
void MainWindow::show_title() {
    const bool painting = scope() == QStringLiteral("paint") && document_;
    document_button_->setVisible(painting);
    setWindowModified(painting && document_->changed());
    if (!painting) return setWindowTitle(tr("Modescope"));
    setWindowTitle(tr("%1[*] — Modescope").arg(document_->name()));
    document_button_->setText(document_->changed() ? tr("%1 •").arg(document_->name()) : document_->name());
    document_button_->setAccessibleName(tr("Drawing %1").arg(document_->name()));
}

void MainWindow::show_facts(const QStringList& facts) {
    facts_->setText(facts.mid(0, facts.size() - 1).join(QStringLiteral("      ")));
    last_fact_->setText(facts.isEmpty() ? QString() : facts.last());
}

void MainWindow::wear(Scheme scheme) {
    apply_theme(*qApp, scheme);
    const char* names[] = {"light", "dark", "system"};
    QSettings().setValue("window/scheme", names[static_cast<int>(scheme)]);
}

void MainWindow::switch_scheme() { wear(is_dark(palette()) ? Scheme::Light : Scheme::Dark); }

// --- Commands ---

/// Pages may have made some since.
void MainWindow::collect_actions() {
    for (const Page& page : pages_)
        if (page.lab) registry_.add(page.id, page.name, page.lab);
    registry_.add({}, tr("Everywhere"), this);
}

/// Of what is shown; the preferences have no commands of their own.
QString MainWindow::scope() const {
    const bool lab_shown = stack_->currentWidget() == pages_[current_].lab;
    return lab_shown ? pages_[current_].id : QString();
}

void MainWindow::toggle_help() {
    if (!help_) help_ = new HelpOverlay(this);
    if (help_->isVisible()) return help_->hide();
    collect_actions();
    help_->show_keys(registry_, scope());
}

void MainWindow::search_commands() {
    if (!search_) search_ = new CommandSearch(registry_, this);
    collect_actions();
    search_->open(scope());
}

/// With the keys of all pages, also of those that nobody has looked at yet.
void MainWindow::show_preferences() {
    for (std::size_t i = 0; i < pages_.size(); ++i) lab(i);
    collect_actions();
    if (!preferences_) {
        preferences_ = new PreferencesPage(registry_);
        stack_->addWidget(preferences_);
        connect(preferences_, &PreferencesPage::scheme_chosen, this, &MainWindow::wear);
        connect(preferences_, &PreferencesPage::layout_reset_requested, this, &MainWindow::reset_layout);
        connect(preferences_, &PreferencesPage::closed, this, &MainWindow::close_preferences);
    }
    preferences_->refresh();
    facts_->clear();
    last_fact_->clear();
    stack_->setCurrentWidget(preferences_);
    preferences_->setFocus();
    show_title();
}

void MainWindow::close_preferences() { show_page(current_); }

void MainWindow::reset_layout() {
    if (isMaximized() || isFullScreen()) showNormal();
    resize(first_size);
    for (const Page& page : pages_)
        if (page.lab) page.lab->reset_layout();
}

/// Tooltips are written with the keys that commands come with.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    auto* widget = qobject_cast<QWidget*>(watched);
    if (event->type() != QEvent::ToolTip || !widget || widget->window() != this) return false;
    const QString text = registry_.with_bound_keys(widget->toolTip(), scope());
    if (text == widget->toolTip()) return false;
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text, widget);
    return true;
}

bool MainWindow::focusNextPrevChild(bool next) { return tab_in_layout_order(*centralWidget(), next); }

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (PaintDocument::takes(*event->mimeData())) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    document().take(*event->mimeData());
    event->acceptProposedAction();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    QSettings().setValue("window/geometry", saveGeometry());
    QMainWindow::closeEvent(event);
}

}  // namespace modescope
