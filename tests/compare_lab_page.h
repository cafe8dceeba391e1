#pragma once

#include <QApplication>
#include <QDir>
#include <QDropEvent>
#include <QMimeData>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>
#include <cstdint>
#include <memory>
#include <vector>

#include "app/labs/compare/compare_lab.h"
#include "app/labs/compare/compare_rows.h"
#include "app/labs/tile_engine.h"
#include "tests/find_widget.h"
#include "tests/gui_test.h"
#include "tests/tiny_model.h"
#include "widgets/message_strip.h"
#include "widgets/picture_matrix.h"

namespace modescope {

/// The Compare page over two tiny models made on the spot, as a base of the tests that drive it.
class CompareLabPage : public QObject {
protected:
    template <class T>
    T& find(const char* name) const {
        return find_named<T>(*lab_, name);
    }
    PictureMatrix& matrix() const { return *lab_->findChild<PictureMatrix*>(); }
    MessageStrip& strip() const { return *lab_->findChild<MessageStrip*>(); }
    QString model(const QString& name) const { return folder_.filePath("models/" + name + ".safetensors"); }
    void make_models() {
        qputenv("XDG_CACHE_HOME", folder_.filePath("cache").toUtf8());
        qunsetenv("MODESCOPE_LPIPS");
        QVERIFY(QDir(folder_.path()).mkdir("models"));
        make_tiny_model(folder_.path(), model("street-64-gan+pmr2"), "gan+10*pmr2");
        make_tiny_model(folder_.path(), model("street-64-gan+l1"), "gan+100*l1");
    }
    /// Before every test: the page as it is with three inputs to measure on, with its pictures.
    void start() {
        QSettings().clear();
        QSettings().setValue("compare/conditions", 3);
        QSettings().setValue("compare/samples", 4);
        qputenv("MODESCOPE_MODELS", folder_.filePath("models").toUtf8());
        open_lab();
        QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 3u, patience);
        QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
    }
    void open_lab() {
        lab_ = std::make_unique<CompareLab>();
        lab_->resize(1300, 800);
        lab_->show();
        QVERIFY(QTest::qWaitForWindowActive(lab_.get()));
    }
    void drop(const QString& path) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter({9, 9}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(lab_.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event({9, 9}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(lab_.get(), &event);
    }
    /// All rows show pictures of the wanted noise and input.
    bool drawn() const {
        for (const auto& row : matrix().rows())
            if (row.pictures.empty() || row.deviation.isNull()) return false;
        return true;
    }
    std::vector<QImage> expected(int row, int input, std::uint64_t noise) const {
        const auto contestant = lab_->findChild<CompareRows*>()->shown().at(row);
        const auto cases = own_cases(*lab_->findChild<CompareRows*>()->first_model());
        const auto condition = cases.at(input);
        std::vector<QImage> list;
        for (const auto& picture :
             draw(contestant, cases, condition, find<QSpinBox>("Columns").value(), condition.seed + noise))
            list.push_back(to_qimage(picture));
        return list;
    }

    QTemporaryDir folder_;
    std::unique_ptr<CompareLab> lab_;
};

}  // namespace modescope
