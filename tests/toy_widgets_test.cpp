// The toy's panels, the charts and the message strip, driven by real mouse and key events.

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "tests/gui_test.h"
#include "widgets/chart.h"
#include "widgets/message_strip.h"
#include "widgets/theme.h"
#include "widgets/toy_panel.h"

using namespace modescope;

namespace {

double flat_trunk(double, double y) { return std::exp(-y * y / (2 * 0.05 * 0.05)); }

std::shared_ptr<ToyView> view_with_sample(float x, float y) {
    auto view = std::make_shared<ToyView>();
    view->step = 1200;
    view->samples = {{x, y}};
    view->sample_moments = {{-1, 0.5f, 0.1f}, {1, 0.5f, 0.1f}};
    view->predictor = {{-1, -0.5f, 0.1f}, {1, -0.5f, 0.1f}};
    view->discriminator = Raster<float>(8, 8, 1, 0.9f);
    view->score = {0.041, 0.47, 0.98, {}};
    return view;
}

/// A shown panel with one sample at (−0.5, 0.75).
struct Shown {
    ToyPanel panel{"gan+pmr2", "GAN + 10·pMR₂", "formula"};
    QWidget& plot = *panel.findChild<QWidget*>("plot");

    Shown() {
        panel.resize(360, 340);
        panel.set_truth(flat_trunk);
        panel.set_view(view_with_sample(-0.5f, 0.75f));
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
    }

    QImage picture() { return plot.grab().toImage(); }
    QPoint at(double x, double y) const { return toy_to_plane(toy_plane(plot.rect()), x, y).toPoint(); }
    QColor pixel(double x, double y) {
        const QImage image = picture();
        return image.pixelColor(at(x, y) * image.devicePixelRatio());
    }
    QImage with(const ToyLayers& layers) {
        panel.set_layers(layers);
        return picture();
    }
};

double distance(const QColor& a, const QColor& b) {
    return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue());
}

QStringList lines_of(const QString& csv) { return csv.split('\n', Qt::SkipEmptyParts); }

}  // namespace

class ToyWidgetsTest : public QObject {
    Q_OBJECT

private slots:
    void titles_stay_bold_in_the_other_scheme();
    void panel_paints_samples_where_they_are();
    void panel_glows_where_the_truth_is();
    void layers_change_the_picture();
    void panel_follows_the_scheme();
    void numbers_are_read_out();
    void status_is_read_out();
    void close_button_asks_to_close();
    void dragging_moves_the_slice();
    void arrow_keys_move_the_slice();
    void setting_the_slice_is_silent();
    void narrow_panel_keeps_its_numbers_inside();
    void plot_paints_without_a_view();
    void line_chart_returns_what_was_appended();
    void line_chart_thins_out_but_keeps_the_ends();
    void line_chart_goes_back();
    void line_chart_survives_odd_values();
    void the_only_point_of_a_series_shows();
    void hovering_reads_all_series();
    void stack_chart_returns_its_parts();
    void charts_save_pictures();
    void strip_runs_its_action_and_hides();
    void strip_closes();
};

void ToyWidgetsTest::titles_stay_bold_in_the_other_scheme() {
    LineChart chart;
    chart.set_title("Distance");
    chart.show();
    const auto* title = chart.findChild<QLabel*>();
    const QFont before = title->font();
    QVERIFY(before.weight() >= QFont::DemiBold);
    for (const auto scheme : {Scheme::Light, Scheme::Dark}) {
        apply_theme(*qApp, scheme);
        QTRY_COMPARE(title->font().weight(), before.weight());
        QCOMPARE(title->font().pointSizeF(), before.pointSizeF());
    }
}

void ToyWidgetsTest::panel_paints_samples_where_they_are() {
    Shown shown;
    shown.panel.set_layers({.density = false});
    QVERIFY(distance(shown.pixel(-0.5, 0.75), configuration_colour("gan+pmr2")) < 24);
    QVERIFY(distance(shown.pixel(-0.5, -0.75), configuration_colour("gan+pmr2")) > 60);
}

void ToyWidgetsTest::panel_glows_where_the_truth_is() {
    Shown shown;
    const QColor away = shown.pixel(-0.25, 0.5);
    QVERIFY(distance(shown.pixel(-0.25, 0.03), away) > 100);
    shown.panel.set_layers({.density = false});
    QVERIFY(distance(shown.pixel(-0.25, 0.03), away) < 60);
}

void ToyWidgetsTest::layers_change_the_picture() {
    Shown shown;
    const QImage none = shown.with({.density = false, .samples = false});
    QCOMPARE(shown.with({.density = false, .samples = false}), none);
    QVERIFY(shown.with({.density = true, .samples = false}) != none);
    QVERIFY(shown.with({.density = false, .samples = true}) != none);
    QVERIFY(shown.with({.density = false, .samples = false, .discriminator = true}) != none);
    const QImage predictor = shown.with({.density = false, .samples = false, .predictor = true});
    const QImage moments = shown.with({.density = false, .samples = false, .moments = true});
    QVERIFY(predictor != none);
    QVERIFY(moments != none);
    QVERIFY(predictor != moments);
}

void ToyWidgetsTest::panel_follows_the_scheme() {
    Shown shown;
    shown.panel.set_layers({.density = false});
    const QColor dark_paper = shown.pixel(-0.5, -0.75);
    apply_theme(*qApp, Scheme::Light);
    const QColor light_paper = shown.pixel(-0.5, -0.75);
    const QColor sample = shown.pixel(-0.5, 0.75), expected = configuration_colour("gan+pmr2");
    apply_theme(*qApp, Scheme::Dark);
    QVERIFY(light_paper.lightness() > dark_paper.lightness() + 100);
    QVERIFY(distance(sample, expected) < 24);
}

void ToyWidgetsTest::numbers_are_read_out() {
    Shown shown;
    const QString description = shown.panel.accessibleDescription();
    QVERIFY2(description.contains("0.041"), qPrintable(description));
    QVERIFY(description.contains("1200"));
    QCOMPARE(shown.panel.accessibleName(), QString("GAN + 10·pMR₂"));
}

void ToyWidgetsTest::status_is_read_out() {
    Shown shown;
    const QImage before = shown.picture();
    shown.panel.set_status("paused");
    QVERIFY(shown.picture() != before);
    QTRY_VERIFY(shown.panel.accessibleDescription().contains("paused"));
}

void ToyWidgetsTest::close_button_asks_to_close() {
    Shown shown;
    QSignalSpy closed(&shown.panel, &ToyPanel::close_requested);
    QTest::mouseClick(shown.panel.findChild<QToolButton*>("close"), Qt::LeftButton);
    QCOMPARE(closed.count(), 1);
}

void ToyWidgetsTest::dragging_moves_the_slice() {
    Shown shown;
    QSignalSpy moved(&shown.panel, &ToyPanel::slice_moved);
    QTest::mousePress(&shown.plot, Qt::LeftButton, {}, shown.at(-0.5, 0));
    QVERIFY(std::abs(moved.takeLast().at(0).toDouble() + 0.5) < 0.01);
    QTest::mouseMove(&shown.plot, shown.at(0.62, 0.3));
    QVERIFY(std::abs(moved.takeLast().at(0).toDouble() - 0.62) < 0.01);
    QTest::mouseMove(&shown.plot, QPoint(shown.plot.width() + 50, 10));
    QTest::mouseRelease(&shown.plot, Qt::LeftButton, {}, shown.at(1, 0));
    QCOMPARE(moved.takeLast().at(0).toDouble(), 1.0);
}

void ToyWidgetsTest::arrow_keys_move_the_slice() {
    Shown shown;
    shown.panel.set_slice(0.5);
    QSignalSpy moved(&shown.panel, &ToyPanel::slice_moved);
    QTest::keyClick(&shown.plot, Qt::Key_Left);
    QVERIFY(std::abs(moved.takeLast().at(0).toDouble() - 0.48) < 1e-9);
}

void ToyWidgetsTest::setting_the_slice_is_silent() {
    Shown shown;
    const QImage before = shown.picture();
    QSignalSpy moved(&shown.panel, &ToyPanel::slice_moved);
    shown.panel.set_slice(0.25);
    QCOMPARE(moved.count(), 0);
    QVERIFY(shown.picture() != before);
    shown.panel.set_slice(std::nullopt);
    QCOMPARE(shown.picture(), before);
}

void ToyWidgetsTest::narrow_panel_keeps_its_numbers_inside() {
    Shown shown;
    shown.panel.resize(shown.panel.minimumSize());
    QCoreApplication::processEvents();
    for (const QLabel* label : shown.panel.findChildren<QLabel*>())
        if (label->isVisible()) QVERIFY(shown.panel.rect().contains(label->geometry()));
}

void ToyWidgetsTest::plot_paints_without_a_view() {
    QImage image(200, 180, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    paint_toy_plot(painter, image.rect(), ToyPlot{}, QPalette());
    painter.end();
    QVERIFY(truth_image({}, {100, 100}, true).isNull());
}

void ToyWidgetsTest::line_chart_returns_what_was_appended() {
    LineChart chart;
    chart.set_series("gan", "GAN", Qt::gray);
    chart.set_series("l2", "ℓ₂, the \"mean\"", Qt::yellow);
    chart.append("gan", 0, 0.5);
    chart.append("gan", 10, 0.25);
    chart.append("l2", 10, 3);
    chart.append("unknown", 10, 3);
    QCOMPARE(chart.csv(), QString("step,GAN,\"ℓ₂, the \"\"mean\"\"\"\n0,0.5,\n10,0.25,3\n"));
    chart.remove("l2");
    QCOMPARE(chart.csv(), QString("step,GAN\n0,0.5\n10,0.25\n"));
    chart.clear();
    QCOMPARE(chart.csv(), QString("step,GAN\n"));
}

void ToyWidgetsTest::line_chart_thins_out_but_keeps_the_ends() {
    LineChart chart;
    chart.set_series("gan", "GAN", Qt::gray);
    for (int step = 0; step < 20001; ++step) chart.append("gan", step, step / 2.0);
    const QStringList lines = lines_of(chart.csv());
    QVERIFY(lines.size() - 1 <= LineChart::max_points);
    QVERIFY(lines.size() - 1 >= LineChart::max_points / 2);
    QCOMPARE(lines.at(1), QString("0,0"));
    QCOMPARE(lines.last(), QString("20000,10000"));
}

void ToyWidgetsTest::line_chart_goes_back() {
    LineChart chart;
    chart.set_series("gan", "GAN", Qt::gray);
    for (const int step : {0, 10, 20, 30}) chart.append("gan", step, 1);
    chart.append("gan", 15, 2);
    QCOMPARE(chart.csv(), QString("step,GAN\n0,1\n10,1\n15,2\n"));
}

void ToyWidgetsTest::line_chart_survives_odd_values() {
    LineChart chart;
    chart.set_series("gan", "GAN", Qt::gray);
    chart.append("gan", 0, std::nan(""));
    chart.append("gan", 1, INFINITY);
    chart.set_log_y(true);
    chart.show();
    chart.refresh();
    chart.append("gan", 2, -1);
    chart.append("gan", 3, 0);
    chart.refresh();
    chart.append("gan", 4, 1e-7);
    chart.refresh();
    QVERIFY(!chart.grab().isNull());
    QCOMPARE(lines_of(chart.csv()).size(), 4);
}

void ToyWidgetsTest::the_only_point_of_a_series_shows() {
    LineChart chart;
    chart.resize(400, 300);
    chart.set_series("validation", "Validation", Qt::magenta);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    const auto magenta_pixels = [&] {
        chart.refresh();
        const QImage picture = chart.findChild<QWidget*>("plot")->grab().toImage();
        int count = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                count += picture.pixelColor(x, y) == QColor(Qt::magenta);
        return count;
    };
    QCOMPARE(magenta_pixels(), 0);
    chart.append("validation", 5, 0.5);
    QTRY_VERIFY(magenta_pixels() > 0);
}

void ToyWidgetsTest::hovering_reads_all_series() {
    LineChart chart;
    chart.set_series("gan", "GAN", Qt::gray);
    chart.set_series("l2", "ℓ₂", Qt::yellow);
    for (int step = 0; step <= 100; ++step) {
        chart.append("gan", step, 0.125);
        chart.append("l2", step, 0.375);
    }
    chart.resize(400, 300);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    chart.refresh();
    auto* plot = chart.findChild<QWidget*>("plot");
    auto* readout = plot->findChild<QLabel*>("readout");
    QTest::mouseMove(plot, plot->rect().center());
    QTRY_VERIFY(readout->isVisible());
    QVERIFY(readout->text().contains("0.125"));
    QVERIFY(readout->text().contains("0.375"));
    QVERIFY(chart.accessibleDescription().contains("0.375"));
}

void ToyWidgetsTest::stack_chart_returns_its_parts() {
    StackChart chart;
    chart.append(0, {0.25, 0.5, 1});
    chart.append(5, {0.25, NAN, 1});
    chart.append(10, {0.25, 0.125, 0});
    QCOMPARE(chart.csv(), QString("step,noise,bias2,variance\n0,0.25,0.5,1\n10,0.25,0.125,0\n"));
    chart.set_data({1, 2}, {{1, 2, 3}, {4, 5, 6}});
    QCOMPARE(chart.csv(), QString("step,noise,bias2,variance\n1,1,2,3\n2,4,5,6\n"));
    for (int step = 3; step < 5000; ++step) chart.append(step, {1, 1, 1});
    QVERIFY(lines_of(chart.csv()).size() - 1 <= StackChart::max_points);
}

void ToyWidgetsTest::charts_save_pictures() {
    QTemporaryDir folder;
    StackChart chart;
    chart.set_title("E(ỹ − y)²");
    chart.set_colour(Qt::red);
    chart.set_data({0, 100}, {{1, 1, 1}, {1, 1, 1}});
    QVERIFY(chart.save_image(folder.filePath("a.png")));
    const QImage image(folder.filePath("a.png"));
    QVERIFY(distance(image.pixelColor(image.width() / 2, image.height() / 3), Qt::red) < 150);
    QVERIFY(chart.save_image(folder.filePath("a.svg")));
    QFile svg(folder.filePath("a.svg"));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    QVERIFY(svg.readAll().contains("<path"));
    QVERIFY(!chart.save_image(folder.filePath("missing/a.png")));
    QVERIFY(!chart.save_image(folder.filePath("missing/a.svg")));
}

void ToyWidgetsTest::strip_runs_its_action_and_hides() {
    MessageStrip strip;
    QVERIFY(!strip.isVisible());
    bool ran = false;
    strip.show_message(MessageStrip::Severity::Error, "It broke.", "Repair", [&] { ran = true; });
    QVERIFY(strip.isVisible());
    QCOMPARE(strip.accessibleName(), QString("It broke."));
    QTest::mouseClick(strip.findChild<QPushButton*>(), Qt::LeftButton);
    QVERIFY(ran);
    QVERIFY(!strip.isVisible());
}

void ToyWidgetsTest::strip_closes() {
    MessageStrip strip;
    QSignalSpy closed(&strip, &MessageStrip::closed);
    strip.show_message(MessageStrip::Severity::Info, "A hint.");
    QVERIFY(!strip.findChild<QPushButton*>()->isVisible());
    QTest::mouseClick(strip.findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(!strip.isVisible());
    strip.show_message(MessageStrip::Severity::Warning, "Another.", "Do it",
                       [&strip] { strip.show_message(MessageStrip::Severity::Info, "Done."); });
    QTest::mouseClick(strip.findChild<QPushButton*>(), Qt::LeftButton);
    QVERIFY(strip.isVisible());  // the action's own message
    QTest::keyClick(strip.findChild<QToolButton*>(), Qt::Key_Escape);
    QVERIFY(!strip.isVisible());
    QCOMPARE(closed.count(), 3);
}

int main(int argc, char** argv) { return run_gui_test<ToyWidgetsTest>(argc, argv, "toy_widgets_test"); }

#include "toy_widgets_test.moc"
