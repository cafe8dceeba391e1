#pragma once

#include <QMainWindow>
#include <functional>
#include <memory>
#include <vector>

#include "app/actions.h"

class QAbstractButton;
class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QStackedWidget;
class QToolButton;

namespace modescope {

class CommandSearch;
class HelpOverlay;
class Lab;
class PaintDocument;
class PreferencesPage;
enum class Scheme;

/// The window: a row of pages on top, the page, and a status line. Pages are made when first shown, so
/// that the first one appears at once.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    /// "toy", "paint", "quiz", "compare" or "train"; anything else shows the first page.
    void show_page(const QString& id);
    /// Shows a drawing's file in the Paint Studio.
    void open(const QString& path);
    ActionRegistry& registry() { return registry_; }

protected:
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    struct Page {
        QString id, name, icon, help;
        std::function<Lab*()> make;
        Lab* lab = nullptr;
        QAbstractButton* button = nullptr;
    };

    QWidget* build_bar();
    QToolButton* build_document_button();
    void add_page_button(std::size_t index, QHBoxLayout* row, QButtonGroup* group);
    QAction* add_action(const char* id, const QString& icon, const QString& text, const QString& help,
                        const QList<QKeySequence>& keys, const std::function<void()>& run);
    void add_actions();
    void add_tool(QHBoxLayout* row, const char* id);
    void build_status_line();
    void show_page(std::size_t index);
    Lab* lab(std::size_t index);
    Lab* make_paint_lab();
    Lab* make_compare_lab();
    Lab* make_train_lab();
    /// Of the page with that id, made if it was not shown yet.
    template <class Page>
    Page* lab_of(const char* id);
    PaintDocument& document();
    void show_title();
    void show_facts(const QStringList& facts);
    void wear(Scheme scheme);
    void switch_scheme();
    void collect_actions();
    QString scope() const;
    void toggle_help();
    void search_commands();
    void show_preferences();
    void close_preferences();
    void reset_layout();

    ActionRegistry registry_;
    std::vector<Page> pages_;
    QStackedWidget* stack_;
    QLabel *facts_, *last_fact_;
    QToolButton* document_button_;
    std::unique_ptr<PaintDocument> document_;  ///< ends before its page
    HelpOverlay* help_ = nullptr;
    CommandSearch* search_ = nullptr;
    PreferencesPage* preferences_ = nullptr;
    std::size_t current_ = 0;
};

}  // namespace modescope
