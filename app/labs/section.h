#pragma once

#include <QWidget>

class QAction;
class QToolButton;

namespace modescope {

/// A part of a page under a heading that folds it away.
class Section : public QWidget {
    Q_OBJECT
public:
    /// `content` fills the section while it is open; `toggle` (checkable) folds it, by its key too.
    Section(QWidget* content, QAction* toggle, QWidget* parent = nullptr);

    void set_title(const QString& title);
    bool is_open() const;
    void set_open(bool open);
    /// Of the heading and the gap below it.
    int heading_height() const;

signals:
    void toggled(bool open);

private:
    void fold(bool open);

    QWidget* content_;
    QAction* toggle_;
    QToolButton* heading_;
};

}  // namespace modescope
