#pragma once

#include <QStringList>
#include <QWidget>

namespace modescope {

/// A page of the program. The main window shows its status line and switches between labs; a lab that is
/// not shown does no work that nobody asked for.
class Lab : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Gives its parts the sizes and places of the first start.
    virtual void reset_layout() {}

signals:
    /// Short facts for the status bar, most important first; the last one stands at the right.
    void status_changed(const QStringList& facts);
};

}  // namespace modescope
