#pragma once

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "app/labs/paint/paint_document.h"
#include "app/labs/paint/paint_lab.h"
#include "tests/find_widget.h"
#include "tests/gui_test.h"
#include "widgets/label_canvas.h"
#include "widgets/message_strip.h"
#include "widgets/tile_grid.h"

namespace modescope {

/// A page with its document.
struct Studio {
    explicit Studio(const QString& folder, bool restores = true)
        : lab(std::make_unique<PaintLab>()), document(std::make_unique<PaintDocument>(*lab, folder)) {
        if (restores) document->restore_session();
        lab->resize(1200, 800);
        lab->show();
        (void)QTest::qWaitForWindowActive(lab.get());
    }

    LabelCanvas& canvas() const { return *lab->findChild<LabelCanvas*>(); }
    TileGrid& tiles() const { return *lab->findChild<TileGrid*>(); }
    MessageStrip& strip() const { return *lab->findChild<MessageStrip*>("document_strip"); }
    QPushButton& button(const QString& text) const {
        for (auto* button : strip().findChildren<QPushButton*>())
            if (button->isVisible() && button->text() == text) return *button;
        qFatal("There is no button %s under \"%s\"", qUtf8Printable(text), qUtf8Printable(strip().text()));
    }
    const LabelMap& labels() const { return canvas().labels(); }

    void stroke(int label) const {
        canvas().set_class(label);
        QTest::mousePress(&canvas(), Qt::LeftButton, {}, pixel_on(canvas(), 3, 3));
        move_pressed(canvas(), pixel_on(canvas(), 20, 20));
        QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, pixel_on(canvas(), 20, 20));
    }
    /// A stroke that is sure to change something, and is in the autosave.
    void stroke_and_wait() const {
        QSignalSpy spy(document.get(), &PaintDocument::autosaved);
        const LabelMap before = labels();
        stroke(5);
        if (labels() == before) stroke(6);
        QTRY_VERIFY_WITH_TIMEOUT(!spy.isEmpty(), patience);
    }
    void save(const QString& path) const {
        QSignalSpy spy(document.get(), &PaintDocument::saved);
        document->save(path);
        QTRY_VERIFY_WITH_TIMEOUT(!spy.isEmpty(), patience);
    }

    std::unique_ptr<PaintLab> lab;
    std::unique_ptr<PaintDocument> document;  ///< ends first
};

}  // namespace modescope
