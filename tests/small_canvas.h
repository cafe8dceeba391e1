#pragma once

#include <QTest>
#include <algorithm>
#include <memory>
#include <vector>

#include "tests/find_widget.h"
#include "tests/gui_test.h"
#include "widgets/label_canvas.h"

namespace modescope {

inline constexpr int map_size = 32;
inline constexpr int zoom = 10;

inline std::vector<LabelClass> four_classes() {
    return {{"sky", "sky", {70, 130, 180}},
            {"road", "road", {128, 64, 128}},
            {"tree", "tree", {107, 142, 35}},
            {"car", "car", {0, 0, 142}}};
}

inline int count(const LabelMap& map, int label) {
    return static_cast<int>(std::count(map.data.begin(), map.data.end(), label));
}

/// Screen position of a label pixel's centre; pixels outside the map lie outside the canvas.
inline QPoint at(int x, int y) { return {x * zoom + zoom / 2, y * zoom + zoom / 2}; }

inline void stroke(QWidget& widget, const std::vector<QPoint>& points) {
    QTest::mousePress(&widget, Qt::LeftButton, {}, points.front());
    for (std::size_t i = 1; i < points.size(); ++i) move_pressed(widget, points[i]);
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, points.back());
}

/// A small paint canvas with four classes, as a base of the tests that drive it.
class SmallCanvas : public QObject {
protected:
    /// Before every test: an empty drawing at ten times its size, and the thinnest brush.
    void start() {
        canvas_ = std::make_unique<LabelCanvas>();
        canvas_->resize(map_size * zoom, map_size * zoom);
        canvas_->set_classes(four_classes());
        canvas_->set_labels(LabelMap(map_size, map_size));
        canvas_->set_class(1);
        canvas_->set_brush_size(1);
        canvas_->show();
        QVERIFY(QTest::qWaitForWindowExposed(canvas_.get()));
        QCOMPARE(canvas_->zoom(), double(zoom));
    }

    std::unique_ptr<LabelCanvas> canvas_;
};

}  // namespace modescope
