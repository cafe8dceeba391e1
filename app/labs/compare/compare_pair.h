#pragma once

#include <QWidget>

#include "widgets/pair_view.h"

class QButtonGroup;
class QHBoxLayout;

namespace modescope {

/// Two rows of the Compare page in one place, with the ways to look at them: wipe, difference, and flicker
/// for as long as its key or button is held.
class ComparePair : public QWidget {
    Q_OBJECT
public:
    explicit ComparePair(QWidget* parent = nullptr);

    PairView* view() const { return view_; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void add_mode(QHBoxLayout* row, PairView::Mode mode, const char* id, const QString& text, int key,
                  const QString& help);
    void add_flicker(QHBoxLayout* row);
    void flip(bool flipped);

    PairView* view_;
    QButtonGroup* modes_;
};

}  // namespace modescope
