#pragma once

#include <QHash>
#include <QWidget>
#include <vector>

#include "core/experiments/compare.h"

class QToolButton;

namespace modescope {

class FlowLayout;

/// The models of the Compare page as chips in the order of its rows: a click shows or hides one, the last
/// chip adds a file. The truth of a world is a row too.
class CompareRows : public QWidget {
    Q_OBJECT
public:
    explicit CompareRows(QWidget* parent = nullptr);

    /// All of them, hidden ones too, in order.
    const std::vector<Contestant>& all() const { return all_; }
    std::vector<Contestant> shown() const;
    /// Indices into all() of those shown.
    std::vector<int> shown_indices() const;

    void clear();
    void add(const Contestant& contestant);
    /// Both count the shown rows only.
    void move(int row, int by);
    void set_shown(const QString& name, bool shown);
    void hide_row(int row);
    void remove_row(int row);
    /// Where nothing is known of it.
    void remove_truth();

signals:
    void changed();
    void add_requested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    QToolButton* make_chip(const Contestant& contestant);

    std::vector<Contestant> all_;
    QHash<QString, bool> hidden_;  ///< by name
    FlowLayout* layout_;
    QToolButton* add_;
};

}  // namespace modescope
