// Commands and their keys: the registry, the command search, the help and the page that binds keys, driven by
// real key events in the program's own window.
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSet>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>
#include <memory>

#include "app/actions.h"
#include "app/command_search.h"
#include "app/help_overlay.h"
#include "app/main_window.h"
#include "app/preferences_page.h"
#include "app/shortcut_editor.h"
#include "tests/gui_test.h"
#include "widgets/label_canvas.h"

using namespace modescope;

class ShortcutsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup() { window_.reset(); }

    void every_command_has_one_name();
    void no_two_commands_share_a_key();
    void beginnings_of_words_match_best_data();
    void beginnings_of_words_match_best();
    void search_runs_a_command();
    void search_puts_the_last_first();
    void search_leaves_the_focus_as_it_was();
    void bound_key_works_and_is_kept();
    void only_differences_are_stored();
    void taken_key_is_told_before_it_is_taken_over();
    void same_key_on_two_pages_is_no_conflict();
    void reset_brings_the_keys_back();
    void tooltips_show_the_bound_key();
    void help_shows_the_bound_key();
    void help_fits_into_a_small_window();
    void help_takes_any_key();
    void help_gives_the_keys_back_to_the_page();
    void escape_leaves_the_preferences();
    void quit_closes_the_window();
    void tab_walks_every_page_and_back_data();
    void tab_walks_every_page_and_back();
    void tab_follows_the_layout();

private:
    QList<QWidget*> walk(int key, Qt::KeyboardModifiers modifiers = {});
    ActionRegistry& registry() { return window_->registry(); }
    template <class T>
    T& find(const char* name) {
        auto* widget = window_->findChild<T*>(name);
        if (!widget) qFatal("There is no %s", name);
        return *widget;
    }
    QListWidget& found() { return *window_->findChild<CommandSearch*>()->findChild<QListWidget*>(); }
    QStringList found_names();
    void search(const QString& typed);
    void open_window();
    void choose(const QString& id);
    void press_in_field(int key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(&find<KeyField>("key_field"), static_cast<Qt::Key>(key), modifiers);
    }

    std::unique_ptr<MainWindow> window_;
};

void ShortcutsTest::init() {
    QSettings().clear();
    qputenv("MODESCOPE_MODELS", "/nowhere");
    open_window();
}

void ShortcutsTest::open_window() {
    window_ = std::make_unique<MainWindow>();
    window_->show_page("paint");
    window_->show();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
}

QStringList ShortcutsTest::found_names() {
    QStringList names;
    for (int i = 0; i < found().count(); ++i) names << found().item(i)->text();
    return names;
}

void ShortcutsTest::search(const QString& typed) {
    QTest::keyClick(window_.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClicks(window_->findChild<CommandSearch*>()->findChild<QLineEdit*>(), typed);
}

void ShortcutsTest::choose(const QString& id) {
    for (QTreeWidgetItemIterator row(&find<QTreeWidget>("commands")); *row; ++row)
        if ((*row)->data(0, Qt::UserRole) == id) return find<QTreeWidget>("commands").setCurrentItem(*row);
    qFatal("There is no %s", qUtf8Printable(id));
}

void ShortcutsTest::every_command_has_one_name() {
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    QVERIFY(registry().commands().size() > 15);
    QSet<QString> ids;
    for (const Command& command : registry().commands()) {
        QVERIFY2(!command.name().isEmpty(), qUtf8Printable(command.id));
        QVERIFY2(!ids.contains(command.id), qUtf8Printable(command.id));
        ids.insert(command.id);
    }
    for (const char* id : {"window/help", "window/search", "window/preferences", "window/page_toy"})
        QVERIFY2(ids.contains(id), id);
}

void ShortcutsTest::no_two_commands_share_a_key() {
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    for (const Command& command : registry().commands())
        for (const auto& key : command.keys()) {
            const Command* rival = registry().rival(command, key);
            QVERIFY2(!rival, qUtf8Printable(command.id + " and " + (rival ? rival->id : QString())));
        }
}

void ShortcutsTest::beginnings_of_words_match_best_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("better");
    QTest::addColumn<QString>("worse");
    QTest::newRow("initials") << "rl"
                              << "Random layout"
                              << "Ruler";
    QTest::newRow("prefix") << "re"
                            << "Resample"
                            << "Tree";
    QTest::newRow("in a row") << "undo"
                              << "Undo"
                              << "Unlock the door";
    QTest::newRow("short before long") << "fill"
                                       << "Fill"
                                       << "Fill every hole of the drawing";
    QTest::newRow("order counts") << "ab"
                                  << "about"
                                  << "bath";
    QTest::newRow("spaces and case do not") << "RANDOM  lay"
                                            << "random layout"
                                            << "lay random";
}

void ShortcutsTest::beginnings_of_words_match_best() {
    QFETCH(QString, typed);
    QFETCH(QString, better);
    QFETCH(QString, worse);
    QVERIFY(match_score(typed, better) >= 0);
    QVERIFY(match_score(typed, better) > match_score(typed, worse));
}

void ShortcutsTest::search_runs_a_command() {
    search("goto toy");
    QCOMPARE(found_names().first(), QString("Go to Toy"));
    QVERIFY(found().item(0)->toolTip().contains("Ctrl+1"));
    QTest::keyClick(window_->findChild<CommandSearch*>()->findChild<QLineEdit*>(), Qt::Key_Return);
    QVERIFY(!window_->findChild<CommandSearch*>()->isVisible());
    QCOMPARE(QSettings().value("window/page").toString(), QString("toy"));
}

void ShortcutsTest::search_puts_the_last_first() {
    search("light");
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    search({});
    QCOMPARE(found_names().first(), QString("Light or dark"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
    QCOMPARE(found().currentRow(), 1);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Up);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Up);
    QCOMPARE(found().currentRow(), found().count() - 1);
}

void ShortcutsTest::search_leaves_the_focus_as_it_was() {
    auto* canvas = window_->findChild<LabelCanvas*>();
    canvas->setFocus();
    search("xyzzy");
    QCOMPARE(found().count(), 0);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);  // nothing to run
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY(canvas->hasFocus());
}

void ShortcutsTest::bound_key_works_and_is_kept() {
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    choose("window/scheme");
    press_in_field(Qt::Key_F9);
    QCOMPARE(registry().find("window/scheme")->keys(), QList<QKeySequence>{Qt::Key_F9});
    window_.reset();
    open_window();
    const bool dark = is_dark(window_->palette());
    QTest::keyClick(window_.get(), Qt::Key_F9);
    QCOMPARE(is_dark(window_->palette()), !dark);
    QTest::keyClick(window_.get(), Qt::Key_D, Qt::ControlModifier);  // no longer its key
    QCOMPARE(is_dark(window_->palette()), !dark);
}

void ShortcutsTest::only_differences_are_stored() {
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    QSettings settings;
    settings.beginGroup("shortcuts");
    QVERIFY(settings.childKeys().isEmpty());
    registry().bind("window/scheme", {QKeySequence("F9")});
    QCOMPARE(settings.childKeys(), QStringList{"window.scheme"});
    registry().bind("window/scheme", {QKeySequence("Ctrl+D")});
    QVERIFY(settings.childKeys().isEmpty());
}

void ShortcutsTest::taken_key_is_told_before_it_is_taken_over() {
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    choose("window/scheme");
    press_in_field(Qt::Key_F1);
    QVERIFY(find<QLabel>("conflict").text().contains("Show all keys"));
    QCOMPARE(registry().find("window/help")->keys(), QList<QKeySequence>{Qt::Key_F1});
    QTest::mouseClick(&find<QPushButton>("take_over"), Qt::LeftButton);
    QCOMPARE(registry().find("window/scheme")->keys(), QList<QKeySequence>{Qt::Key_F1});
    QVERIFY(registry().find("window/help")->keys().isEmpty());
    QVERIFY(!find<QPushButton>("take_over").isVisible());
}

void ShortcutsTest::same_key_on_two_pages_is_no_conflict() {
    ActionRegistry registry;
    QObject toy, paint, everywhere;
    const auto make = [](QObject& root, const char* name) {
        auto* action = new QAction(name, &root);
        action->setObjectName(name);
        return action;
    };
    make(toy, "step")->setShortcut(QKeySequence("S"));
    make(paint, "smudge");
    make(everywhere, "shout")->setShortcut(QKeySequence("F2"));
    registry.add("toy", "Toy", &toy);
    registry.add("paint", "Paint", &paint);
    registry.add({}, "Everywhere", &everywhere);
    const Command smudge = *registry.find("paint/smudge");
    QVERIFY(!registry.rival(smudge, QKeySequence("S")));
    QCOMPARE(registry.rival(smudge, QKeySequence("F2"))->id, QString("window/shout"));
    QCOMPARE(registry.rival(*registry.find("window/shout"), QKeySequence("S"))->id, QString("toy/step"));
}

void ShortcutsTest::reset_brings_the_keys_back() {
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    registry().bind("window/scheme", {QKeySequence("F9")});
    registry().bind("window/search", {});
    choose("window/scheme");
    QTest::mouseClick(&find<QPushButton>("reset_keys"), Qt::LeftButton);
    QVERIFY(!registry().find("window/scheme")->changed());
    QVERIFY(registry().find("window/search")->changed());
    QTest::mouseClick(&find<QPushButton>("reset_all_keys"), Qt::LeftButton);
    for (const Command& command : registry().commands()) QVERIFY(!command.changed());
    QVERIFY(!QSettings().contains("shortcuts/window.search"));
}

void ShortcutsTest::tooltips_show_the_bound_key() {
    const QString tooltip = "Light or dark (Ctrl+D)";
    QCOMPARE(registry().with_bound_keys(tooltip, "paint"), tooltip);
    registry().bind("window/scheme", {QKeySequence("F9")});
    QCOMPARE(registry().with_bound_keys(tooltip, "paint"), QString("Light or dark (F9)"));
    registry().bind("window/scheme", {});
    QCOMPARE(registry().with_bound_keys(tooltip, "paint"), QString("Light or dark"));
}

void ShortcutsTest::help_shows_the_bound_key() {
    registry().bind("window/scheme", {QKeySequence("F9")});
    QTest::keyClick(window_.get(), Qt::Key_F1);
    QStringList texts;
    for (const auto* label : window_->findChild<HelpOverlay*>()->findChildren<QLabel*>())
        texts << label->text();
    QVERIFY(texts.contains("F9"));
    QVERIFY(!texts.contains("Ctrl+D"));
    QVERIFY(texts.contains("Brush"));
    QTest::keyClick(window_.get(), Qt::Key_F1);
    QVERIFY(!window_->findChild<HelpOverlay*>()->isVisible());
}

void ShortcutsTest::help_fits_into_a_small_window() {
    window_->resize(window_->minimumSize());
    QTest::keyClick(window_.get(), Qt::Key_F1);
    const auto* help = window_->findChild<HelpOverlay*>();
    QVERIFY(window_->rect().contains(help->geometry()));
}

void ShortcutsTest::help_takes_any_key() {
    QTest::keyClick(window_.get(), Qt::Key_F1);
    auto* help = window_->findChild<HelpOverlay*>();
    for (const auto key : {Qt::Key_Down, Qt::Key_PageUp, Qt::Key_Q, Qt::Key_Shift})
        QTest::keyClick(help, key);
    QVERIFY(help->isVisible());
    QTest::keyClick(help, Qt::Key_Escape);
    QVERIFY(!help->isVisible());
}

void ShortcutsTest::help_gives_the_keys_back_to_the_page() {
    auto* page = window_->findChild<LabelCanvas*>();
    page->setFocus();
    QTest::keyClick(page, Qt::Key_F1);
    auto* help = window_->findChild<HelpOverlay*>();
    QVERIFY(help->hasFocus());
    QTest::keyClick(help, Qt::Key_Escape);
    QVERIFY(page->hasFocus());
    QTest::keyClick(page, Qt::Key_F1);
    QTest::mouseClick(help, Qt::LeftButton);
    QVERIFY(!help->isVisible() && page->hasFocus());
    QTest::keyClick(page, Qt::Key_F1);
    QTest::mouseClick(window_.get(), Qt::LeftButton, {}, {2, 2});  // beside it
    QVERIFY(!help->isVisible() && page->hasFocus());
}

void ShortcutsTest::escape_leaves_the_preferences() {
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    auto* page = window_->findChild<PreferencesPage*>();
    QVERIFY(page->isVisible());
    QTest::keyClick(page, Qt::Key_Escape);
    QVERIFY(!page->isVisible());
    QVERIFY(window_->findChild<LabelCanvas*>()->isVisible());
}

/// What has the focus, and after each press, until it is where it began.
QList<QWidget*> ShortcutsTest::walk(int key, Qt::KeyboardModifiers modifiers) {
    constexpr int endless = 300;
    QList<QWidget*> stops;
    do {
        stops << QApplication::focusWidget();
        QTest::keyClick(stops.back(), static_cast<Qt::Key>(key), modifiers);
    } while (stops.size() < endless && QApplication::focusWidget() != stops.front());
    return stops;
}

void ShortcutsTest::quit_closes_the_window() {
    QTest::keyClick(window_.get(), Qt::Key_Q, Qt::ControlModifier);
    QVERIFY(!window_->isVisible());
}

void ShortcutsTest::tab_walks_every_page_and_back_data() {
    QTest::addColumn<QString>("page");
    for (const char* page : {"toy", "paint", "quiz", "compare", "train"}) QTest::newRow(page) << page;
}

void ShortcutsTest::tab_walks_every_page_and_back() {
    QFETCH(QString, page);
    window_->show_page(page);
    QTest::keyClick(window_.get(), Qt::Key_Tab);
    auto stops = walk(Qt::Key_Tab);
    QVERIFY(stops.size() > 5);
    QCOMPARE(QSet<QWidget*>(stops.begin(), stops.end()).size(), stops.size());
    const auto back = walk(Qt::Key_Backtab, Qt::ShiftModifier);
    std::reverse(stops.begin() + 1, stops.end());
    QCOMPARE(back, stops);
}

void ShortcutsTest::tab_follows_the_layout() {
    window_->findChild<LabelCanvas*>()->setFocus();
    QStringList names;
    for (const QWidget* stop : walk(Qt::Key_Tab)) names << stop->accessibleName();
    qsizetype last = 0;
    for (const char* name : {"Label map", "Brush size", "Open", "Fill holes", "More operations", "Model",
                             "Comparison model", "Number of samples K", "First seed", "Noise scale",
                             "Samples", "Preferences", "Brush", "Eraser", "History"}) {
        const auto at = names.indexOf(name);
        QVERIFY2(at >= last, name);
        last = at;
    }
}

int main(int argc, char** argv) { return run_gui_test<ShortcutsTest>(argc, argv, "shortcuts_test"); }

#include "shortcuts_test.moc"
