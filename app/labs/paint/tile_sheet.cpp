#include "app/labs/paint/tile_sheet.h"

#include <fmt/format.h>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QImageWriter>
#include <QPainter>
#include <QSaveFile>
#include <algorithm>
#include <span>

#include "core/sampling/model_library.h"
#include "core/sampling/sample_text.h"

namespace modescope {
namespace {

constexpr int gap = 8;
constexpr int least_side = 192;  // pixels a tile takes in the sheet
constexpr int most_columns = 12;
constexpr int title_height = 24;

struct Named {
    QString name;
    QImage picture;
};

QImage with_text(QImage picture, const PictureText& text) {
    for (const auto& [keyword, value] : text)
        picture.setText(QString::fromStdString(keyword), QString::fromStdString(value));
    return picture;
}

QString save_png(const QImage& picture, const QString& path) {
    QSaveFile file(path);
    QImageWriter writer(&file, "png");
    if (file.open(QIODevice::WriteOnly) && writer.write(picture) && file.commit()) return {};
    return QCoreApplication::translate("PaintLab", "%1 could not be written: %2. Choose another folder.")
        .arg(path, file.errorString());
}

QImage input_picture(const TileRequest& request) {
    const Sampler& model = *request.first;
    return to_qimage(picture_of(request.condition, model.task(), model.classes(), model.size()));
}

/// Values as they are, times a factor.
QImage grey(const LabelMap& map, int factor) {
    QImage picture(map.width, map.height, QImage::Format_Grayscale8);
    for (int y = 0; y < map.height; ++y)
        for (int x = 0; x < map.width; ++x)
            picture.scanLine(y)[x] = static_cast<uchar>(map.at(x, y) * factor);
    return picture;
}

std::vector<Named> input_files(const TileRequest& request) {
    switch (request.first->task()) {
        case Task::labels:
            return {{"classes.png", grey(request.condition.labels, 1)},
                    {"colours.png", input_picture(request)}};
        case Task::inpainting:
            return {{"input.png", to_qimage(request.condition.picture)},
                    {"mask.png", grey(request.condition.mask, 255)}};
        case Task::picture:
        case Task::super_resolution:
            break;
    }
    return {{"input.png", to_qimage(request.condition.picture)}};
}

QImage tile_with_text(const Sampler& model, const QImage& picture, const NoiseRecipe& noise) {
    return with_text(picture, sample_text(model, std::span(&noise, 1)));
}

std::vector<Named> tile_files(const Sampler& model, const std::vector<QImage>& pictures,
                              const std::vector<NoiseRecipe>& noises, const QString& prefix) {
    std::vector<Named> files;
    const auto names = sample_file_names(noises);
    for (std::size_t i = 0; i < pictures.size(); ++i)
        files.push_back(
            {prefix + QString::fromStdString(names[i]), tile_with_text(model, pictures[i], noises[i])});
    return files;
}

/// Draws which model the pictures below are of; returns where they begin.
int draw_title(QPainter& painter, const Sampler& model, int top) {
    const QRect line(gap, top, painter.device()->width() - 2 * gap, title_height);
    painter.setPen(Qt::black);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                     QString::fromStdString(
                         fmt::format("{}   ({})", model.spec().objective.label(), model_name(model.path()))));
    return line.bottom() + 1 + gap / 2;
}

/// Draws pictures in lines of `columns` from `top` on; returns where the next line begins.
int draw_lines(QPainter& painter, const std::vector<QImage>& pictures, int columns, int side, int top) {
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const int column = static_cast<int>(i) % columns, line = static_cast<int>(i) / columns;
        painter.drawImage(QRect(gap + column * (side + gap), top + line * (side + gap), side, side),
                          pictures[i]);
    }
    const int lines = (static_cast<int>(pictures.size()) + columns - 1) / columns;
    return top + lines * (side + gap);
}

}  // namespace

QImage tile_sheet(const TileResult& result) {
    const TileRequest& request = result.request;
    const int pixels = request.first->size();
    const int side = pixels * std::max(1, (least_side + pixels - 1) / pixels);
    const int tiles = static_cast<int>(result.first.size()), columns = std::min(tiles, most_columns);
    const int models = result.second.empty() ? 1 : 2;
    const int lines = 1 + (tiles + columns - 1) / columns * models;
    QImage sheet(columns * (side + gap) + gap, lines * (side + gap) + gap + models * (title_height + gap / 2),
                 QImage::Format_RGB32);
    sheet.fill(Qt::white);
    QPainter painter(&sheet);
    int top = draw_lines(painter, {input_picture(request)}, columns, side, gap);
    top = draw_lines(painter, result.first, columns, side, draw_title(painter, *request.first, top));
    if (request.second)
        draw_lines(painter, result.second, columns, side, draw_title(painter, *request.second, top));
    painter.end();
    sheet = with_text(std::move(sheet), sample_text(*request.first, request.noises));
    if (!request.second) return sheet;
    for (const auto& [keyword, value] : sample_text(*request.second, request.noises))
        if (keyword.starts_with("Model") || keyword == "Configuration")
            sheet.setText("Comparison " + QString::fromStdString(keyword), QString::fromStdString(value));
    return sheet;
}

QString save_sheet(const TileResult& result, const QString& path) {
    return save_png(tile_sheet(result), path);
}

QString save_tile(const TileResult& result, int index, const QString& path) {
    const auto tile = static_cast<std::size_t>(index);
    return save_png(tile_with_text(*result.request.first, result.first[tile], result.request.noises[tile]),
                    path);
}

QString free_folder(const QString& chosen, const QString& name) {
    const QDir folder(chosen);
    if (folder.isEmpty()) return chosen;
    QString free = folder.filePath(name);
    for (int number = 2; QFileInfo::exists(free); ++number)
        free = folder.filePath(QStringLiteral("%1-%2").arg(name).arg(number));
    return free;
}

QString save_all(const TileResult& result, const QString& folder) {
    if (!QDir().mkpath(folder))
        return QCoreApplication::translate("PaintLab", "%1 could not be made. Choose another folder.")
            .arg(folder);
    const TileRequest& request = result.request;
    auto files = input_files(request);
    files.push_back({"sheet.png", tile_sheet(result)});
    std::ranges::move(tile_files(*request.first, result.first, request.noises, {}),
                      std::back_inserter(files));
    if (request.second)
        std::ranges::move(tile_files(*request.second, result.second, request.noises, "comparison-"),
                          std::back_inserter(files));
    for (const auto& [name, picture] : files)
        if (const QString problem = save_png(picture, QDir(folder).filePath(name)); !problem.isEmpty())
            return problem;
    return {};
}

}  // namespace modescope
