#include "app/labs/compare/compare_drawing.h"

#include <QElapsedTimer>
#include <exception>
#include <limits>
#include <utility>

#include "app/labs/tile_engine.h"
#include "core/base/failure.h"
#include "core/base/machine.h"

namespace modescope {
namespace {

std::vector<QImage> to_qimages(const std::vector<Image>& pictures) {
    std::vector<QImage> images;
    for (const auto& picture : pictures) images.push_back(to_qimage(picture));
    return images;
}

ShownCase shown_case(const CompareRequest& request, const Case& condition) {
    const auto& settings = request.cases->settings;
    const auto picture = picture_of(condition.x, settings.task, request.cases->classes, settings.size);
    return {request.stamp, QString::fromStdString(condition.name), to_qimage(picture),
            condition.target ? to_qimage(*condition.target) : QImage(), condition.seed + request.noise};
}

/// Whether rows of both show the same where both have them.
bool same_pictures(const CompareRequest& a, const CompareRequest& b) {
    return a.cases == b.cases && a.condition == b.condition && a.columns == b.columns && a.noise == b.noise;
}

}  // namespace

CompareDrawing::CompareDrawing(QObject* parent) : QObject(parent), worker_(new QObject) {
    worker_->moveToThread(&thread_);
    connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
    thread_.setObjectName("compare pictures");
    thread_.start();
    post([] { use_threads(physical_cores()); });
}

CompareDrawing::~CompareDrawing() {
    newest_ = std::numeric_limits<quint64>::max();  // abandons the rows that are left
    thread_.quit();
    thread_.wait();
}

void CompareDrawing::post(std::function<void()> work) {
    QMetaObject::invokeMethod(worker_, std::move(work), Qt::QueuedConnection);
}

quint64 CompareDrawing::request(CompareRequest request) {
    const quint64 stamp = request.stamp = ++newest_;
    {
        const std::lock_guard lock(mutex_);
        waiting_ = std::move(request);
    }
    post([this] { serve(); });
    return stamp;
}

void CompareDrawing::serve() {
    std::optional<CompareRequest> request;
    {
        const std::lock_guard lock(mutex_);
        request = std::exchange(waiting_, std::nullopt);
    }
    if (!request) return;  // an earlier call has served the newest one
    try {
        draw_rows(*request);
    } catch (const std::exception& error) {
        if (newest_ == request->stamp) emit failed(QString::fromStdString(sentence_of(error)));
    }
}

const ShownRow& CompareDrawing::drawn_row(const CompareRequest& request, const Case& condition,
                                          const Contestant& row) {
    if (const auto kept = kept_.find(row.hash); kept != kept_.end()) return kept->second;
    const auto pictures =
        draw(row, *request.cases, condition, request.columns, condition.seed + request.noise);
    return kept_[row.hash] = {.pictures = to_qimages(pictures), .moments = sample_moments(pictures)};
}

void CompareDrawing::draw_rows(const CompareRequest& request) {
    QElapsedTimer timer;
    timer.start();
    DrawingTime time;
    if (!same_pictures(request, kept_for_)) kept_.clear();
    kept_for_ = request;
    const auto condition = request.cases->at(request.condition);
    emit case_ready(shown_case(request, condition));
    for (std::size_t i = 0; i < request.rows.size(); ++i) {
        if (newest_ != request.stamp) return;
        kept_.erase(std::string());  // of a file that could not be told from any other
        const bool kept = kept_.contains(request.rows[i].hash);
        auto row = drawn_row(request, condition, request.rows[i]);
        row.stamp = request.stamp;
        row.row = static_cast<int>(i);
        emit row_ready(row);
        if (kept) continue;
        time.all = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        if (time.pictures == 0) time.first_row = time.all;
        time.pictures += request.columns;
    }
    emit drawn(request.stamp, time);
}

void CompareDrawing::open(const QString& path) {
    post([this, path] {
        try {
            emit opened(path, open_contestant(path.toStdString()));
        } catch (const std::exception& error) {
            emit not_opened(path, QString::fromStdString(sentence_of(error)));
        }
    });
}

void CompareDrawing::find_cases(std::function<Cases()> find) {
    const quint64 number = ++newest_cases_;
    // Only on the window's thread is it certain that they are still wanted.
    const auto tell = [this, number](std::function<void()> emit_it) {
        QMetaObject::invokeMethod(this, [this, number, emit_it = std::move(emit_it)] {
            if (newest_cases_ == number) emit_it();
        });
    };
    post([this, number, tell, find = std::move(find)] {
        if (newest_cases_ != number) return;
        try {
            tell([this, cases = std::make_shared<const Cases>(find())] { emit found_cases(cases); });
        } catch (const std::exception& error) {
            tell([this, sentence = QString::fromStdString(sentence_of(error))] { emit failed(sentence); });
        }
    });
}

}  // namespace modescope
