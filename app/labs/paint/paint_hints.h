#pragma once

#include <QFrame>
#include <vector>

class QLabel;

namespace modescope {

class PaintLab;

/// Three short hints for who sees the Paint Studio for the first time, one after the other, each where it can
/// be tried. A hint goes when it was followed or closed, and never comes back.
class PaintHints : public QFrame {
    Q_OBJECT
public:
    /// Lies over `lab`.
    explicit PaintHints(PaintLab& lab);

    /// For pictures of the page: from now on no hint is shown.
    static void skip_all();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Hint {
        QString text;
        QWidget* at;  ///< stands below its middle
    };

    void done(int hint);
    void show_next();
    void reserve_room();
    void place();

    std::vector<Hint> hints_;
    QLabel* text_;
    int next_;
};

}  // namespace modescope
