#include "app/labs/toy/toy_export.h"

#include <fmt/format.h>

#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <functional>

#include "app/labs/toy/toy_board.h"
#include "core/base/error.h"
#include "core/training/field_text.h"
#include "widgets/slice_chart.h"

namespace modescope {
namespace {

[[noreturn]] void refuse(const QSaveFile& file) {
    throw Error(
        fmt::format("Cannot write {}: {}", file.fileName().toStdString(), file.errorString().toStdString()));
}

void write_png(QIODevice& file, QSize size, const std::function<void(QPainter&)>& paint) {
    QImage image(size * 2, QImage::Format_RGB32);
    image.setDevicePixelRatio(2);
    QPainter painter(&image);
    paint(painter);
    painter.end();
    image.save(&file, "PNG");
}

void write_svg(QIODevice& file, QSize size, const std::function<void(QPainter&)>& paint) {
    QSvgGenerator svg;
    svg.setOutputDevice(&file);
    svg.setSize(size);
    svg.setViewBox(QRect(QPoint(), size));
    QPainter painter(&svg);
    paint(painter);
}

void save_picture(const QString& path, QSize size, const std::function<void(QPainter&)>& paint) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) refuse(file);
    const bool vectors = QFileInfo(path).suffix().compare(QLatin1String("svg"), Qt::CaseInsensitive) == 0;
    (vectors ? write_svg : write_png)(file, size, paint);
    if (!file.commit()) refuse(file);
}

std::string row(const QString& label, std::int64_t step, const ToyScore& score) {
    const auto& parts = score.decomposition;
    return fmt::format("{},{},{:g},{:g},{:g},{:g},{:g},{:g}\n", label.toStdString(), step, score.w1,
                       score.minor_mode, score.valid, parts.noise, parts.bias2, parts.variance);
}

}  // namespace

void save_board(const ToyBoard& board, const QString& path) {
    save_picture(path, board.size(), [&](QPainter& painter) { board.paint(painter); });
}

void save_slice(const SliceChart& chart, const QString& path) {
    save_picture(path, chart.size(), [&](QPainter& painter) {
        painter.fillRect(chart.rect(), chart.palette().color(QPalette::Base));
        chart.paint(painter, chart.rect());
    });
}

void save_scores(const std::vector<ToyHistory>& histories, const QString& path) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) refuse(file);
    std::string text = "configuration,step,w1,minor_mode,valid,noise,bias2,variance\n";
    for (const auto& history : histories)
        for (std::size_t i = 0; i < history.steps.size(); ++i)
            text += row(history.label, history.steps[i], history.scores[i]);
    file.write(QByteArray::fromStdString(text));
    if (!file.commit()) refuse(file);
}

QString command_line(const Spec& spec) {
    std::string line = "modescope train " + spec.preset;
    for (const auto& [key, value] : settings_beside(preset_spec(spec.preset), spec))
        line += fmt::format(" --set {}={}", key, value);
    return QString::fromStdString(line);
}

}  // namespace modescope
