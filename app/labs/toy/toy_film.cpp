#include "app/labs/toy/toy_film.h"

#include <fmt/format.h>

#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <algorithm>
#include <chrono>

#include "core/base/error.h"
#include "core/base/video_file.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

QString step_text(std::int64_t step) { return QStringLiteral("step %1").arg(step); }

void paint_panel(QPainter& painter, const ToyFilm& film, const ToyFilm::Panel& panel, std::int64_t step) {
    ToyPlot plot = panel.plot;
    plot.view = panel.timeline.at(step);
    painter.fillRect(panel.cell, film.palette.color(QPalette::Base));
    QFont bold = film.font;
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(plot.colour);
    const QRectF head = panel.cell.adjusted(space::l, space::m, -space::l, 0);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignTop, panel.name);
    painter.setFont(film.font);
    painter.setPen(film.palette.color(QPalette::PlaceholderText));
    if (plot.view) painter.drawText(head, Qt::AlignRight | Qt::AlignTop, step_text(plot.view->step));
    paint_toy_plot(painter, panel.cell.adjusted(0, 2 * space::l, 0, -space::s), plot, film.palette);
}

QImage frame_at(const ToyFilm& film, std::int64_t step) {
    QImage image(film.size, QImage::Format_RGB32);
    image.fill(film.palette.color(QPalette::Window));
    QPainter painter(&image);
    for (const auto& panel : film.panels) paint_panel(painter, film, panel, step);
    painter.end();
    return image.convertToFormat(QImage::Format_RGB888);
}

Image to_core(const QImage& frame) {
    Image image(frame.width(), frame.height(), 3);
    for (int y = 0; y < frame.height(); ++y)
        std::copy_n(frame.constScanLine(y), 3 * frame.width(), &image.at(0, y));
    return image;
}

void save_png(const QImage& frame, const QString& path) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !frame.save(&file, "PNG") || !file.commit())
        throw Error(fmt::format("Cannot write {}: {}. Choose another folder.", path.toStdString(),
                                file.errorString().toStdString()));
}

/// Calls `add` with every frame; false if cancelled.
bool make_frames(const ToyFilm& film, const std::function<void(int, const QImage&)>& add,
                 const std::function<bool(double)>& progress) {
    const int last = std::max(film.frames - 1, 1);
    for (int i = 0; i < film.frames; ++i) {
        if (!progress(static_cast<double>(i) / film.frames)) return false;
        add(i, frame_at(film, film.last_step * i / last));
    }
    return true;
}

QStringList save_pictures(const ToyFilm& film, const QString& path,
                          const std::function<bool(double)>& progress) {
    const QFileInfo info(path);
    QStringList written;
    const auto save = [&](int i, const QImage& frame) {
        written << QStringLiteral("%1/%2-%3.png")
                       .arg(info.path(), info.completeBaseName())
                       .arg(i + 1, 4, 10, QChar(u'0'));
        save_png(frame, written.last());
    };
    if (make_frames(film, save, progress)) return written;
    for (const QString& path : written) QFile::remove(path);
    return {};
}

}  // namespace

QStringList save_film(const ToyFilm& film, const QString& path, const std::function<bool(double)>& progress) {
    if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive)) return save_pictures(film, path, progress);
    VideoFile video(path.toStdString(), film.size.width(), film.size.height(), film.frames_per_second);
    if (!make_frames(
            film, [&](int, const QImage& frame) { video.add(to_core(frame)); }, progress))
        return {};
    video.finish();
    return {path};
}

ToyFilmJob::ToyFilmJob(ToyFilm film, const QString& path) : path_(path) {
    outcome_ = std::async(std::launch::async, [this, film = std::move(film)] {
        return save_film(film, path_, [this](double share) {
            share_ = share;
            return !cancelled_;
        });
    });
}

ToyFilmJob::~ToyFilmJob() {
    cancel();
    if (outcome_.valid()) outcome_.wait();
}

bool ToyFilmJob::is_done() const {
    return outcome_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace modescope
