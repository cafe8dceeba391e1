#pragma once

#include <QFrame>
#include <QSet>

class QListWidget;
class QLabel;
class QPushButton;

namespace modescope {

struct TrainRun;
class TrainRuns;

/// The list of trainings: what each trains, how far it is, and a tick for those whose curves are drawn.
class TrainShelf : public QFrame {
    Q_OBJECT
public:
    explicit TrainShelf(TrainRuns& runs, QWidget* parent = nullptr);

    /// Directory of the current run; empty: none.
    QString current() const;
    void set_current(const QString& directory);
    /// Directories whose curves are drawn; the current one always is.
    QStringList drawn() const;

    QSize sizeHint() const override { return {300, 400}; }

signals:
    void current_changed();
    void chosen();  ///< a person wants to see the current run
    void drawn_changed();
    void new_requested();

private:
    QStringList ticked() const;
    void list();
    void show_run(const QString& directory);

    TrainRuns& runs_;
    QListWidget* list_;
    QLabel* none_;
    QPushButton* start_;
};

}  // namespace modescope
