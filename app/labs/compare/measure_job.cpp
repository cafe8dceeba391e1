#include "app/labs/compare/measure_job.h"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/failure.h"
#include "core/base/file.h"
#include "core/base/machine.h"

namespace modescope {
namespace {

constexpr int least_pause = 250;    // ms between two looks at the figures
constexpr int pause_per_look = 10;  // times as long as a look takes: with many inputs intervals do take long
constexpr double least_share = 0.01;

std::vector<std::vector<Estimate>> estimates_of(const Comparison& comparison) {
    std::vector<std::vector<Estimate>> list;
    for (const auto& rows : comparison.rows) list.push_back(estimate(rows));
    return list;
}

/// Of the part that this start has to do: what came from the cache took no time.
double seconds_left(double seconds, double from, double share) {
    const double done = share - from;
    return done < least_share ? -1 : seconds * (1 - share) / done;
}

std::string command(const Comparison& comparison, const Cases& cases, const QString& lpips,
                    const QString& path) {
    const auto base = path.left(path.lastIndexOf('.')).toStdString();
    // Of pictures that are too small there is none, and the command line would refuse them.
    return command_of(comparison, cases.drawn ? write_drawn(cases, base) : cases.arguments,
                      comparison.lpips.empty() ? std::string() : lpips.toStdString());
}

std::string file_text(const Comparison& comparison, const Cases& cases, const QString& lpips,
                      const QString& path) {
    if (path.endsWith(".csv", Qt::CaseInsensitive)) return csv_of(comparison);
    if (path.endsWith(".json", Qt::CaseInsensitive)) return json_of(comparison).dump(2) + "\n";
    return html_of(make_report(comparison, cases, command(comparison, cases, lpips, path)));
}

}  // namespace

MeasureJob::MeasureJob(QObject* parent) : QObject(parent), worker_(new QObject) {
    worker_->moveToThread(&thread_);
    connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
    thread_.setObjectName("compare figures");
    thread_.start();
    QMetaObject::invokeMethod(worker_, [] {
        use_threads(std::max(1, physical_cores() / 2));  // the others draw, and serve the window
        lower_thread_priority();
    });
}

MeasureJob::~MeasureJob() {
    cancel();
    thread_.quit();
    thread_.wait();
}

void MeasureJob::start(std::vector<Contestant> contestants, std::shared_ptr<const Cases> cases,
                       CompareSettings settings, const QString& lpips) {
    const quint64 number = ++newest_;
    QMetaObject::invokeMethod(worker_, [=, this]() mutable {
        if (newest_ != number || !load_lpips(lpips, number)) return;
        try {
            if (lpips_ && cases->settings.size >= lpips_->least_side()) settings.lpips = lpips_;
            measure(contestants, *cases, settings, number);
        } catch (const std::exception& error) {
            if (newest_ == number) emit failed(QString::fromStdString(sentence_of(error)));
        }
    });
}

/// False if it cannot.
bool MeasureJob::load_lpips(const QString& path, quint64 number) {
    if (path == lpips_path_) return true;
    try {
        lpips_ = path.isEmpty() ? nullptr : Lpips::load(path.toStdString());
        lpips_path_ = path;
        return true;
    } catch (const std::exception& error) {
        if (newest_ == number) emit lpips_refused(QString::fromStdString(sentence_of(error)));
        return false;
    }
}

/// Only on the window's thread is it certain that nobody has stopped it meanwhile.
void MeasureJob::tell(quint64 number, const Measured& measured) {
    QMetaObject::invokeMethod(this, [this, number, measured] {
        if (newest_ == number) emit progressed(measured);
    });
}

void MeasureJob::cancel() { ++newest_; }

void MeasureJob::measure(const std::vector<Contestant>& contestants, const Cases& cases,
                         const CompareSettings& settings, quint64 number) {
    QElapsedTimer since_start, since_shown;
    since_start.start();
    double from = -1;
    qint64 pause = 0;
    const auto result = compare(contestants, cases, settings, [&](double share, const Comparison& so_far) {
        if (from < 0) from = share;
        write_waiting();
        if (!since_shown.isValid() || since_shown.elapsed() > pause) {
            since_shown.start();
            const double left = seconds_left(static_cast<double>(since_start.elapsed()) / 1000, from, share);
            tell(number, {so_far, estimates_of(so_far), share, left, true});
            pause = std::max<qint64>(least_pause, pause_per_look * since_shown.elapsed());
        }
        return newest_ == number;
    });
    tell(number, {result, estimates_of(result), 1, 0, false});
}

void MeasureJob::write(const Comparison& comparison, std::shared_ptr<const Cases> cases, const QString& lpips,
                       const QString& path) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back([=, this] {
            try {
                write_file(path.toStdString(), file_text(comparison, *cases, lpips, path));
                emit written(path);
            } catch (const std::exception& error) {
                emit not_written(QString::fromStdString(sentence_of(error)));
            }
        });
    }
    QMetaObject::invokeMethod(worker_, [this] { write_waiting(); });
}

void MeasureJob::write_waiting() {
    for (;;) {
        std::function<void()> write;
        {
            const std::lock_guard lock(mutex_);
            if (waiting_.empty()) return;
            write = std::move(waiting_.front());
            waiting_.pop_front();
        }
        write();
    }
}

}  // namespace modescope
