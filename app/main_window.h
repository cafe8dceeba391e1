#pragma once

#include <QMainWindow>
#include <functional>
#include <vector>

class QAbstractButton;
class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QStackedWidget;

namespace modescope {

class HelpOverlay;
class Lab;

/// The window: a row of pages on top, the page, and a status line. Pages are made when first shown, so
/// that the first one appears at once.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);

    /// "toy", "paint" or "compare"; anything else shows the first page.
    void show_page(const QString& id);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    struct Page {
        QString id, name, icon, help;
        std::function<Lab*()> make;
        Lab* lab = nullptr;
        QAbstractButton* button = nullptr;
    };

    QWidget* build_bar();
    void add_page_button(std::size_t index, QHBoxLayout* row, QButtonGroup* group);
    void add_tool(QHBoxLayout* row, const QString& icon, const QString& text, const QKeySequence& key,
                  const std::function<void()>& action);
    void build_status_line();
    void show_page(std::size_t index);
    Lab* lab(std::size_t index);
    void show_facts(const QStringList& facts);
    void switch_scheme();
    void toggle_help();

    std::vector<Page> pages_;
    QStackedWidget* stack_;
    QLabel *facts_, *last_fact_;
    HelpOverlay* help_ = nullptr;
    std::size_t current_ = 0;
};

}  // namespace modescope
