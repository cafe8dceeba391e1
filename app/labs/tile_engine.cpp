#include "app/labs/tile_engine.h"

#include <QElapsedTimer>
#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <set>
#include <utility>

#include "core/base/failure.h"
#include "core/base/machine.h"

namespace modescope {
namespace {

constexpr int truth_slices = 15;
constexpr int renderings_per_slice = 10;        // about 4 ms: how late a newer request can be noticed
constexpr std::uint64_t truth_seed = 20190216;  // always the same, so that σ does not flicker

std::vector<QImage> to_qimages(const std::vector<Image>& pictures) {
    std::vector<QImage> images;
    for (const Image& picture : pictures) images.push_back(to_qimage(picture));
    return images;
}

/// Moments of equally many renderings each, put together.
class MomentSum {
public:
    void add(const Moments& slice) {
        if (mean_.empty()) {
            shape_ = slice.mean;
            mean_.resize(slice.mean.data.size());
            square_.resize(slice.mean.data.size());
        }
        for (std::size_t k = 0; k < mean_.size(); ++k) {
            const double mean = slice.mean.data[k], deviation = slice.deviation.data[k];
            mean_[k] += mean;
            square_[k] += mean * mean + deviation * deviation;
        }
        ++slices_;
    }

    Moments result() const {
        Moments moments{shape_, shape_};
        for (std::size_t k = 0; k < mean_.size(); ++k) {
            const double mean = mean_[k] / slices_;
            moments.mean.data[k] = static_cast<float>(mean);
            moments.deviation.data[k] =
                static_cast<float>(std::sqrt(std::max(0.0, square_[k] / slices_ - mean * mean)));
        }
        return moments;
    }

private:
    FloatImage shape_;
    std::vector<double> mean_, square_;
    int slices_ = 0;
};

int distinct(const std::vector<Reading>& readings, std::size_t factor) {
    std::set<int> values;
    for (const Reading& reading : readings) values.insert(reading.values[factor]);
    values.erase(-1);
    return static_cast<int>(values.size());
}

double mean_match(const std::vector<Reading>& readings) {
    double sum = 0;
    for (const Reading& reading : readings) sum += reading.match;
    return sum / static_cast<double>(std::max<std::size_t>(1, readings.size()));
}

/// What a condition was made from, as far as that decides which samples are right.
struct Origin {
    const World* world;
    Layout layout;
    Hidden hidden;
};

/// A label map that says everything but the style is its own origin; else the example must tell.
std::optional<Origin> origin_of(const TileRequest& request) {
    const World* world = request.first->world();
    if (!world) return {};
    if (request.example && request.example->pair.x == request.condition)
        return Origin{world, request.example->layout,
                      hidden_from(*world, *request.example, task_settings(request.first->spec().data))};
    if (request.first->task() != Task::labels || !world->paintable()) return {};
    const Layout layout(request.condition.labels);
    return Origin{world, layout, all_hidden(*world, layout)};
}

}  // namespace

QImage to_qimage(const Image& picture) {
    const QImage view(picture.data.data(), picture.width, picture.height, 3 * picture.width,
                      QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32);  // a copy: the view's pixels go away
}

/// The part that lives on the engine's thread; emits the engine's signals from there.
class TileEngine::Worker : public QObject {
public:
    explicit Worker(TileEngine& engine) : engine_(engine) {}

    void load(const QString& path) {
        try {
            emit engine_.loaded(path, Sampler::load(path.toStdString()));
        } catch (const std::exception& error) {
            emit engine_.failed(path, QString::fromStdString(sentence_of(error)));
        }
    }

    void serve() {
        const auto request = engine_.take();
        if (!request) return;  // an earlier call has served the newest one
        try {
            serve(*request);
        } catch (const std::exception& error) {
            emit engine_.failed({}, QString::fromStdString(sentence_of(error)));
        }
    }

private:
    bool newest(const TileRequest& request) const { return engine_.newest_ == request.stamp; }

    void serve(const TileRequest& request) {
        QElapsedTimer timer;
        timer.start();
        const auto first = request.first->sample(request.condition, request.noises);
        TileResult result{request, to_qimages(first), {}, static_cast<double>(timer.nsecsElapsed()) / 1e6};
        std::vector<Image> second;
        if (request.second) second = request.second->sample(request.condition, request.noises);
        result.second = to_qimages(second);
        emit engine_.ready(result);
        study(request, first, second);
    }

    void study(const TileRequest& request, const std::vector<Image>& first,
               const std::vector<Image>& second) {
        if (!newest(request)) return;
        TileStudy study{request};
        study.extremes = extremes_of(first);
        if (request.first->task() == Task::super_resolution)
            for (const Image& sample : first)
                study.errors.push_back(consistency_error(sample, request.condition.picture));
        const auto origin = origin_of(request);
        study.truth_known = origin.has_value();
        if (origin) read(study, *origin, first, second);
        if (request.moments && !add_moments(study, origin, first)) return;
        emit engine_.studied(study);
    }

    static void read(TileStudy& study, const Origin& origin, const std::vector<Image>& first,
                     const std::vector<Image>& second) {
        const World& world = *origin.world;
        const StyleReader reader(world, origin.layout, origin.hidden);
        const auto of_first = read_all(reader, first), of_second = read_all(reader, second);
        for (std::size_t i = 0; i < world.factors().size(); ++i) {
            const Factor& factor = world.factors()[i];
            if (const int found = distinct(of_first, i))
                study.factors.push_back({QString::fromStdString(factor.name),
                                         static_cast<int>(factor.values.size()), found,
                                         distinct(of_second, i)});
        }
        study.match_first = mean_match(of_first);
        study.match_second = mean_match(of_second);
    }

    /// False: abandoned for something newer.
    bool add_moments(TileStudy& study, const std::optional<Origin>& origin, const std::vector<Image>& first) {
        const TileRequest& request = study.request;
        if (first.size() > 1) study.samples = sample_moments(first);
        study.predicted = request.first->predict(request.condition);
        if (!study.predicted && request.second) study.predicted = request.second->predict(request.condition);
        if (!origin) return true;
        if (!know_truth(request, *origin)) return false;
        study.truth = truth_;
        return true;
    }

    bool know_truth(const TileRequest& request, const Origin& origin) {
        if (truth_ && truth_world_ == origin.world && truth_condition_ == request.condition) return true;
        truth_.reset();
        Rng rng(truth_seed);
        MomentSum sum;
        for (int slice = 0; slice < truth_slices; ++slice) {
            if (!newest(request)) return false;
            sum.add(true_moments(*origin.world, origin.layout, origin.hidden, renderings_per_slice, rng));
        }
        truth_ = sum.result();
        truth_world_ = origin.world;
        truth_condition_ = request.condition;
        return true;
    }

    TileEngine& engine_;
    // Resampling leaves the truth as it is.
    std::optional<Moments> truth_;
    const World* truth_world_ = nullptr;
    Condition truth_condition_;
};

TileEngine::TileEngine(QObject* parent) : QObject(parent), worker_(new Worker(*this)) {
    worker_->moveToThread(&thread_);
    connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
    thread_.setObjectName("tiles");
    thread_.start();
    QMetaObject::invokeMethod(worker_, [] { use_threads(physical_cores()); });
}

TileEngine::~TileEngine() {
    newest_ = std::numeric_limits<quint64>::max();  // abandons the study
    thread_.quit();
    thread_.wait();
}

quint64 TileEngine::request(TileRequest request) {
    const quint64 stamp = request.stamp = ++newest_;
    {
        const std::lock_guard lock(mutex_);
        waiting_ = std::move(request);
    }
    QMetaObject::invokeMethod(worker_, [worker = worker_] { worker->serve(); });
    return stamp;
}

std::optional<TileRequest> TileEngine::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, std::nullopt);
}

void TileEngine::load(const QString& path) {
    QMetaObject::invokeMethod(worker_, [worker = worker_, path] { worker->load(path); });
}

}  // namespace modescope
