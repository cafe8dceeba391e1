#pragma once

#include <QLayout>
#include <memory>
#include <vector>

namespace modescope {

/// Lays widgets out from left to right and wraps to the next line, like words.
class FlowLayout : public QLayout {
    Q_OBJECT
public:
    /// `gap` in pixels, between items and between lines.
    explicit FlowLayout(QWidget* parent = nullptr, int gap = 8);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(items_.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    void setGeometry(const QRect& rect) override;
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override;

private:
    /// Goes through the lines of `rect`, moving the items if `apply`; the height they need.
    int flow(QRect rect, bool apply) const;

    std::vector<std::unique_ptr<QLayoutItem>> items_;
};

}  // namespace modescope
