#pragma once

#include <QDir>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "app/labs/paint/paint_lab.h"
#include "tests/find_widget.h"
#include "tests/gui_test.h"
#include "tests/tiny_model.h"
#include "widgets/label_canvas.h"
#include "widgets/message_strip.h"
#include "widgets/tile_grid.h"

namespace modescope {

inline std::vector<QImage> pictures(const TileGrid& grid) {
    std::vector<QImage> list;
    for (const auto& tile : grid.tiles()) list.push_back(tile.picture);
    return list;
}

inline std::vector<quint64> seeds(const TileGrid& grid) {
    std::vector<quint64> list;
    for (const auto& tile : grid.tiles()) list.push_back(tile.seed);
    return list;
}

/// The same sample: drawn beside others or alone, the last bit may round otherwise.
inline bool alike(const QImage& a, const QImage& b) {
    if (a.size() != b.size()) return false;
    int largest = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
            largest = std::max({largest, std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)),
                                std::abs(qBlue(p) - qBlue(q))});
        }
    return largest <= 1;
}

/// The Paint Studio over two tiny models made on the spot, as a base of the tests that drive it.
class PaintLabPage : public QObject {
protected:
    template <class T>
    T& find(const char* name) const {
        return find_named<T>(*lab_, name);
    }
    LabelCanvas& canvas() const { return find<LabelCanvas>("Label map"); }
    TileGrid& tiles() const { return find<TileGrid>("Samples"); }
    MessageStrip& strip() const { return *lab_->findChild<MessageStrip*>(); }
    QString model_path(const QString& name) const {
        return folder_.filePath("models/" + name + ".safetensors");
    }
    void make_models() {
        QVERIFY(QDir(folder_.path()).mkdir("models"));
        make_tiny_model(folder_.path(), model_path("street-64-gan+pmr2"), "gan+10*pmr2");
        make_tiny_model(folder_.path(), model_path("street-64-gan+l1"), "gan+100*l1");
    }
    /// Before every test: the page as it is without settings, with its tiles.
    void start() {
        QSettings().clear();
        qputenv("MODESCOPE_MODELS", folder_.filePath("models").toUtf8());
        open_lab();
        QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles().size(), 8u, patience);
    }
    void open_lab() {
        lab_ = std::make_unique<PaintLab>();
        lab_->resize(1200, 800);
        lab_->show();
        QVERIFY(QTest::qWaitForWindowActive(lab_.get()));
    }
    /// Position of a label pixel's centre on the canvas.
    QPoint at(int x, int y) const { return pixel_on(canvas(), x, y); }
    void stroke(std::vector<QPoint> pixels) {
        QTest::mousePress(&canvas(), Qt::LeftButton, {}, at(pixels.front().x(), pixels.front().y()));
        for (const QPoint pixel : pixels) move_pressed(canvas(), at(pixel.x(), pixel.y()));
        QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, at(pixels.back().x(), pixels.back().y()));
    }
    /// What the shown model makes of the shown drawing and seeds.
    std::vector<QImage> expected(const QString& model, double scale = 1) const {
        const auto wanted = seeds(tiles());
        const std::vector<std::uint64_t> numbers(wanted.begin(), wanted.end());
        std::vector<QImage> list;
        for (const auto& picture : Sampler::load(model_path(model).toStdString())
                                       ->sample({.labels = canvas().labels()}, numbers, scale))
            list.push_back(to_qimage(picture));
        return list;
    }

    QTemporaryDir folder_;
    std::unique_ptr<PaintLab> lab_;
};

}  // namespace modescope
