#include "app/labs/tile_sheet.h"

#include <QCoreApplication>
#include <QImageWriter>
#include <QPainter>
#include <QSaveFile>
#include <QStringList>
#include <algorithm>

#include "app/labs/model_box.h"

namespace modescope {
namespace {

constexpr int gap = 8;
constexpr int least_side = 192;  // pixels a tile takes in the file

void draw_row(QPainter& painter, const std::vector<QImage>& pictures, int side, int top) {
    int left = gap;
    for (const QImage& picture : pictures) {
        painter.drawImage(QRect(left, top, side, side), picture);
        left += side + gap;
    }
}

QString join_seeds(const std::vector<std::uint64_t>& seeds) {
    QStringList numbers;
    for (const std::uint64_t seed : seeds) numbers << QString::number(static_cast<qulonglong>(seed));
    return numbers.join(' ');
}

QString describe(const Sampler& model) {
    return QString("%1, step %2").arg(configuration_label(model.spec())).arg(model.steps());
}

}  // namespace

QImage tile_sheet(const TileResult& result) {
    const TileRequest& request = result.request;
    const int pixels = request.labels.width;
    const int side = pixels * std::max(1, (least_side + pixels - 1) / pixels);
    const int rows = result.second.empty() ? 2 : 3;
    const int columns = static_cast<int>(result.first.size());
    QImage sheet(columns * (side + gap) + gap, rows * (side + gap) + gap, QImage::Format_RGB32);
    sheet.fill(Qt::white);
    QPainter painter(&sheet);
    const QImage drawing = to_qimage(colour_labels(request.first->classes(), request.labels));
    draw_row(painter, {drawing}, side, gap);
    draw_row(painter, result.first, side, 2 * gap + side);
    draw_row(painter, result.second, side, 3 * gap + 2 * side);
    painter.end();
    sheet.setText("Software", "Modescope");
    sheet.setText("Model", describe(*request.first));
    if (request.second) sheet.setText("Comparison", describe(*request.second));
    sheet.setText("Seeds", join_seeds(request.seeds));
    sheet.setText("Noise scale", QString::number(request.scale));
    return sheet;
}

QString save_sheet(const QImage& sheet, const QString& path) {
    QSaveFile file(path);
    QImageWriter writer(&file, "png");
    if (file.open(QIODevice::WriteOnly) && writer.write(sheet) && file.commit()) return {};
    return QCoreApplication::translate("PaintLab", "%1 could not be written: %2. Choose another folder.")
        .arg(path, file.errorString());
}

}  // namespace modescope
