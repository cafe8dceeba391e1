#pragma once

#include <QHash>
#include <QStringList>
#include <QWidget>
#include <vector>

#include "core/experiments/compare.h"

class QMenu;
class QToolButton;

namespace modescope {

class FlowLayout;

/// The models of the Compare page as chips in the order of its rows: a click shows or hides one, the last
/// chip adds more. The truth of a world is a row too.
class CompareRows : public QWidget {
    Q_OBJECT
public:
    explicit CompareRows(QWidget* parent = nullptr);

    /// All of them, hidden ones too, in order.
    const std::vector<Contestant>& all() const { return all_; }
    std::vector<Contestant> shown() const;
    /// The sampler of the first model; null without models.
    std::shared_ptr<const Sampler> first_model() const;

    void clear();
    /// Rows that come later take the place that they had, and are hidden if they were.
    struct Arrangement {
        QStringList order, hidden;  ///< files; "truth"
        bool operator==(const Arrangement&) const = default;
    };
    Arrangement arrangement() const;
    void expect(const Arrangement& arrangement);
    /// One that is there already is shown.
    void add(const Contestant& contestant);
    /// These count the shown rows only.
    void move(int row, int by);
    void hide_row(int row);
    void remove_row(int row);
    /// Whether anything is known of it.
    void set_truth(bool known);

    /// Of the last chip.
    QMenu* add_menu() const { return add_menu_; }

signals:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    std::vector<int> shown_indices() const;
    std::vector<Contestant>::iterator place_of(const Contestant& contestant);
    void set_shown(const QString& hash, bool shown);
    void arrange();
    QToolButton* chip_of(const Contestant& contestant);
    QToolButton* make_chip(const Contestant& contestant);

    std::vector<Contestant> all_;
    Arrangement expected_;
    QHash<QString, bool> hidden_;         ///< by hash
    QHash<QString, QToolButton*> chips_;  ///< by hash
    FlowLayout* layout_;
    QMenu* add_menu_;
    QToolButton* add_;
};

}  // namespace modescope
